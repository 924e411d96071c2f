#include "common/http/door.h"

#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <span>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "common/http/plain_connection.h"
#include "common/http/tls_connection.h"
#include "common/rpc/call/longest_event.h"

namespace usher::http {
namespace {

constexpr absl::Duration kBetweenLooks = absl::Seconds(1);
constexpr absl::Duration kBetweenPolls = absl::Milliseconds(1);
constexpr size_t kScratch = 64 * 1024;  // bytes

}  // namespace

// What is not marked otherwise is its thread's alone.
struct Door::Inside {
  Inside(rpc::Gate& gate, DoorOptions options, std::shared_ptr<rpc::TlsFiles> tls_files)
      : exchange(gate, std::move(options),
                 [this] { asio::post(io, [this] { exchange.SendAnswers(); }); }),
        tls(std::move(tls_files)) {
    SetTick();
    thread = std::thread([this] { io.run(); });
  }

  void SetTick() {
    ticks.expires_after(std::chrono::nanoseconds(absl::ToInt64Nanoseconds(kBetweenLooks)));
    ticks.async_wait([this](const ErrorCode& error) {
      if (error) return;
      const rpc::PollerEvent event;
      const absl::Time now = absl::Now();
      ForEach([now](Connection& connection) { connection.Look(now); });
      SetTick();
    });
  }

  template <class See>
  void ForEach(See see) {
    for (auto each = connections.begin(); each != connections.end();) {
      const std::shared_ptr<Connection> connection = each->lock();
      if (connection == nullptr) {
        each = connections.erase(each);
      } else {
        see(*connection);
        ++each;
      }
    }
  }

  void Enter(int descriptor, bool with_tls) {
    StreamSocket socket = SocketOf(io, descriptor);
    if (!socket.is_open() || exchange.draining.load()) return;
    std::string peer = PeerOf(descriptor);
    std::shared_ptr<Connection> connection;
    if (with_tls) {
      connection = TlsConnection::Make(exchange, std::move(peer), std::move(socket), tls);
    } else {
      connection = PlainConnection::Make(exchange, std::move(peer), std::move(socket),
                                         std::span<char>(scratch.get(), kScratch));
    }
    if (connection == nullptr) return;
    connections.push_back(connection);
    connection->Begin();
  }

  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  asio::steady_timer ticks{io};
  // Not zeroed: it takes no memory before the first request.
  const std::unique_ptr<char[]> scratch = std::make_unique_for_overwrite<char[]>(kScratch);
  Exchange exchange;  // any thread's
  TlsContexts tls;
  std::list<std::weak_ptr<Connection>> connections;
  std::thread thread;
};

Door::Door(rpc::Gate& gate, DoorOptions options, std::shared_ptr<rpc::TlsFiles> tls_files)
    : inside_(std::make_unique<Inside>(gate, std::move(options), std::move(tls_files))) {}

Door::~Door() {
  BeginDrain();
  AwaitDrained(absl::Now());
  while (inside_->exchange.counters.calls.load() > 0) absl::SleepFor(kBetweenPolls);
  // The thread ends by itself when every connection has heard of its end.
  asio::post(inside_->io, [inside = inside_.get()] {
    inside->ticks.cancel();
    inside->work.reset();
  });
  inside_->thread.join();
}

void Door::Enter(int descriptor, bool with_tls) {
  asio::post(inside_->io, [inside = inside_.get(), descriptor, with_tls] {
    inside->Enter(descriptor, with_tls);
  });
}

void Door::BeginDrain() {
  if (inside_->exchange.draining.exchange(true)) return;
  asio::post(inside_->io, [inside = inside_.get()] {
    inside->ForEach([](Connection& connection) { connection.Drain(); });
  });
}

void Door::AwaitDrained(absl::Time deadline) {
  const std::atomic<uint64_t>& left = inside_->exchange.counters.connections;
  while (left.load() > 0 && absl::Now() < deadline) absl::SleepFor(kBetweenPolls);
  asio::post(inside_->io, [inside = inside_.get()] {
    inside->ForEach([](Connection& connection) { connection.CutOff(); });
  });
}

const DoorCounters& Door::counters() const { return inside_->exchange.counters; }

}  // namespace usher::http
