#include "tests/support/stalling_proxy.h"

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace usher {
namespace {

std::string SocketPath(const std::string& url) {
  PQconninfoOption* const options = PQconninfoParse(url.c_str(), nullptr);
  std::string folder;
  std::string port = "5432";
  for (const PQconninfoOption* option = options; option != nullptr && option->keyword != nullptr;
       ++option) {
    if (option->val == nullptr) continue;
    if (std::string(option->keyword) == "host") folder = option->val;
    if (std::string(option->keyword) == "port") port = option->val;
  }
  PQconninfoFree(options);
  return absl::StrCat(folder, "/.s.PGSQL.", port);
}

int ConnectTo(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(server, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) return server;
  close(server);
  return -1;
}

bool SendAll(int to, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

void CloseWithReset(int socket) {
  const linger at_once{1, 0};
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  close(socket);
}

}  // namespace

struct StallingProxy::Link {
  Link(int to_client, int to_server) : client(to_client), server(to_server) {}
  ~Link() {
    if (server >= 0) close(server);
    if (client >= 0) CloseWithReset(client);
  }

  int client;
  int server;
  bool forgotten = false;
  bool answer_is_lost = false;  // what the server says next is not passed on
};

StallingProxy::StallingProxy(const std::string& url) : server_(SocketPath(url)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener_, 64) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
      pipe(wake_) != 0) {
    throw std::runtime_error("the proxy has no port");
  }
  port_ = ntohs(address.sin_port);
  // libpq takes the last of each.
  url_ = absl::StrCat(url, " host=127.0.0.1 port=", port_, " sslmode=disable gssencmode=disable");
  thread_ = std::thread([this] { Run(); });
}

StallingProxy::~StallingProxy() {
  {
    const absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  Wake();
  thread_.join();
  links_.clear();
  close(listener_);
  close(wake_[0]);
  close(wake_[1]);
}

void StallingProxy::Hold() {
  const absl::MutexLock lock(&mutex_);
  held_ = true;
  Wake();
}

void StallingProxy::Go() {
  const absl::MutexLock lock(&mutex_);
  held_ = false;
  Wake();
}

// Returns when it is done.
void StallingProxy::Forget() {
  const absl::MutexLock lock(&mutex_);
  forget_ = true;
  Wake();
  const auto done = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !forget_; };
  mutex_.Await(absl::Condition(&done));
}

void StallingProxy::CutAt(const std::string& text, Place place) {
  const absl::MutexLock lock(&mutex_);
  cut_at_ = text;
  place_ = place;
  was_cut_ = false;
}

void StallingProxy::CutAfter(size_t bytes) {
  const absl::MutexLock lock(&mutex_);
  cut_after_ = bytes;
  was_cut_ = false;
}

bool StallingProxy::WasCut() const {
  const absl::MutexLock lock(&mutex_);
  return was_cut_;
}

void StallingProxy::Wake() const {
  if (write(wake_[1], "", 1) != 1) throw std::runtime_error("the proxy's thread cannot be woken");
}

void StallingProxy::Accept() {
  const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  const int server = ConnectTo(server_);
  links_.push_back(std::make_unique<Link>(client, server));
  if (server < 0) links_.pop_back();
}

bool StallingProxy::Move(Link& link, bool from_client) {
  char buffer[64 * 1024];
  const ssize_t got = recv(from_client ? link.client : link.server, buffer, sizeof(buffer), 0);
  if (got <= 0) return false;
  absl::string_view bytes(buffer, static_cast<size_t>(got));
  const absl::MutexLock lock(&mutex_);
  if (link.forgotten || link.answer_is_lost) return false;
  if (from_client && !cut_at_.empty() && absl::StrContains(bytes, cut_at_)) {
    cut_at_.clear();
    was_cut_ = true;
    if (place_ == Place::kBehind) SendAll(link.server, bytes);
    if (place_ != Place::kAnswered) return false;
    link.answer_is_lost = true;
  }
  const bool cut = cut_after_ > 0 && bytes.size() >= cut_after_;
  if (cut) {
    bytes = bytes.substr(0, cut_after_);
    was_cut_ = true;
  }
  if (cut_after_ > 0) cut_after_ -= bytes.size();
  return SendAll(from_client ? link.server : link.client, bytes) && !cut;
}

void StallingProxy::Run() {
  while (true) {
    bool held = false;
    {
      const absl::MutexLock lock(&mutex_);
      if (ending_) return;
      held = held_;
      if (forget_) {
        for (const std::unique_ptr<Link>& link : links_) {
          link->forgotten = true;
          close(link->server);
          link->server = -1;  // poll(2) passes it over
        }
      }
      forget_ = false;
    }
    std::vector<pollfd> sockets{{wake_[0], POLLIN, 0}};
    if (!held) {
      sockets.push_back({listener_, POLLIN, 0});
      for (const std::unique_ptr<Link>& link : links_) {
        sockets.push_back({link->client, POLLIN, 0});
        sockets.push_back({link->server, POLLIN, 0});
      }
    }
    if (poll(sockets.data(), sockets.size(), -1) < 0) continue;
    if (sockets[0].revents != 0) {
      char woken[64];
      if (read(wake_[0], woken, sizeof(woken)) < 0) return;
      continue;  // what is to be done may be another thing now
    }
    for (size_t i = links_.size(); i-- > 0;) {
      const bool from_client = sockets[2 + 2 * i].revents != 0;
      const bool from_server = sockets[3 + 2 * i].revents != 0;
      const bool lives =
          (!from_client || Move(*links_[i], true)) && (!from_server || Move(*links_[i], false));
      if (!lives) links_.erase(links_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (sockets[1].revents != 0) Accept();
  }
}

}  // namespace usher
