#include "deploy/engines/livekit/http_listener.h"

#include <errno.h>

#include <array>
#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/base/seldom.h"
#include "common/http/request_reader.h"
#include "common/http/sockets.h"
#include "common/server/listening_socket.h"
#include "common/status/try.h"

namespace usher::livekit {
namespace {

namespace asio = boost::asio;
using http::ErrorCode;
using http::RequestReader;

constexpr std::chrono::milliseconds kPauseAfterFailure{50};
constexpr absl::Duration kBetweenWarnings = absl::Seconds(10);

// Lives as long as something of it is under way.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(http::StreamSocket socket, const HttpListenerOptions& options,
             const HttpListener::Handler& handler, std::shared_ptr<void> place)
      : socket_(std::move(socket)),
        timer_(socket_.get_executor()),
        options_(options),
        handler_(handler),
        place_(std::move(place)) {}

  void Start() {
    timer_.expires_after(absl::ToChronoNanoseconds(options_.longest));
    timer_.async_wait([self = shared_from_this()](ErrorCode error) {
      if (!error) self->Close();
    });
    Read();
  }

 private:
  void Read() {
    socket_.async_read_some(asio::buffer(buffer_),
                            [self = shared_from_this()](ErrorCode error, size_t size) {
                              if (error) return self->Close();
                              self->Take({self->buffer_.data(), size});
                            });
  }

  void Take(absl::string_view bytes) {
    while (!bytes.empty() || reader_.state() == RequestReader::State::kHeadDone) {
      bytes = reader_.Read(bytes);
      if (reader_.state() == RequestReader::State::kHeadDone) {
        reader_.AcceptBody(options_.largest_body);
      }
      if (reader_.state() == RequestReader::State::kFailed) {
        return Answer(reader_.refusal().http_status);
      }
      if (reader_.state() == RequestReader::State::kComplete) {
        const http::RequestHead head = reader_.TakeHead();
        return Answer(handler_(head, reader_.TakeBody()));
      }
    }
    Read();
  }

  void Answer(int code) {
    answer_ = absl::StrCat("HTTP/1.1 ", code, code < 300 ? " OK" : " Refused",
                           "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    asio::async_write(socket_, asio::buffer(answer_),
                      [self = shared_from_this()](ErrorCode, size_t) { self->Close(); });
  }

  void Close() {
    ErrorCode ignored;
    timer_.cancel(ignored);
    socket_.shutdown(http::StreamSocket::shutdown_both, ignored);
    socket_.close(ignored);
  }

  http::StreamSocket socket_;
  asio::steady_timer timer_;
  const HttpListenerOptions& options_;
  const HttpListener::Handler& handler_;
  const std::shared_ptr<void> place_;  // among those that there may be
  RequestReader reader_;
  std::array<char, 8192> buffer_;
  std::string answer_;
};

class AsioListener final : public HttpListener {
 public:
  AsioListener(HttpListenerOptions options, Handler handler)
      : options_(std::move(options)), handler_(std::move(handler)) {}

  ~AsioListener() override {
    ending_ = true;
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

  absl::Status Listen() {
    ASSIGN_OR_RETURN(sockets_, server::Listen(options_.address, &shown_));
    for (const server::ListeningSocket& socket : sockets_) {
      const int own = dup(socket.descriptor());
      if (own < 0) return absl::UnavailableError("no descriptors are left");
      ports_.emplace_back(io_, own);
      Accept(ports_.size() - 1);
    }
    thread_ = std::thread([this] { io_.run(); });
    return absl::OkStatus();
  }

  std::string address() const override { return shown_; }

 private:
  void Accept(size_t port) {
    ports_[port].async_wait(asio::posix::stream_descriptor::wait_read,
                            [this, port](ErrorCode error) {
                              if (error) return;
                              if (open_ < options_.most_connections && !AcceptOne(port)) {
                                return AcceptLater(port);
                              }
                              // Else it is looked at again when one has ended.
                              if (open_ < options_.most_connections) return Accept(port);
                              waiting_.push_back(port);
                            });
  }

  // Whoever waits to be accepted goes on waiting, and would be seen at once.
  void AcceptLater(size_t port) {
    if (warns_.IsDue()) log::Warning("webhooks wait: the descriptors are used up");
    auto pause = std::make_shared<asio::steady_timer>(io_, kPauseAfterFailure);
    pause->async_wait([this, port, pause](ErrorCode) { Accept(port); });
  }

  // False when accept(2) fails for a reason that lies with us.
  bool AcceptOne(size_t port) {
    const int descriptor = options_.accept(ports_[port].native_handle());
    if (descriptor < 0) {
      return errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM;
    }
    http::StreamSocket socket = http::SocketOf(io_, descriptor);
    if (!socket.is_open()) return true;
    ++open_;
    std::shared_ptr<void> place(nullptr, [this](void*) {
      --open_;
      if (ending_) return;
      for (const size_t waiting : std::exchange(waiting_, {})) Accept(waiting);
    });
    std::make_shared<Connection>(std::move(socket), options_, handler_, std::move(place))->Start();
    return true;
  }

  const HttpListenerOptions options_;
  const Handler handler_;
  std::string shown_;
  std::vector<server::ListeningSocket> sockets_;
  std::atomic<bool> ending_{false};
  size_t open_ = 0;
  std::vector<size_t> waiting_;  // ports with somebody to accept, when there is room again
  Seldom warns_{kBetweenWarnings};
  asio::io_context io_{1};
  std::vector<asio::posix::stream_descriptor> ports_;
  std::thread thread_;
};

}  // namespace

int AcceptConnection(int listening) {
  return accept4(listening, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

absl::StatusOr<std::unique_ptr<HttpListener>> HttpListener::Open(HttpListenerOptions options,
                                                                 Handler handler) {
  auto listener = std::make_unique<AsioListener>(std::move(options), std::move(handler));
  RETURN_IF_ERROR(listener->Listen());
  return listener;
}

}  // namespace usher::livekit
