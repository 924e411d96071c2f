#include "tests/chaos/proxy.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/chaos/proxied_connection.h"
#include "tests/chaos/socket.h"

namespace usher::chaos {
namespace {

constexpr size_t kMostUnderWay = 4 * kMostReceived;  // of one direction; then the sender waits
constexpr absl::Duration kLongestSleep = absl::Milliseconds(100);

}  // namespace

Proxy::Proxy(const std::string& listen, const std::string& target) : target_(target) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) throw std::runtime_error("no pipe");
  wake_read_ = ends[0];
  wake_write_ = ends[1];
  listener_ = Listen(listen);
  port_ = PortOf(listener_);
  address_ = port_ == 0 ? listen : absl::StrCat("127.0.0.1:", port_);
  thread_ = std::thread([this] { Run(); });
}

Proxy::~Proxy() {
  {
    const absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  Wake();
  thread_.join();
  for (const int socket : {listener_, wake_read_, wake_write_}) close(socket);
}

void Proxy::Wake() const {
  if (write(wake_write_, "", 1) < 0) return;  // full: it will wake up anyway
}

void Proxy::Set(const Weather& weather) {
  {
    const absl::MutexLock lock(&mutex_);
    weather_ = weather;
    connections_.remove_if([](const auto& connection) {
      if (connection->spoiled) connection->Close(Cut::kReset);
      return connection->spoiled;
    });
  }
  AwaitRound();
}

void Proxy::CutAll(Cut how) {
  {
    const absl::MutexLock lock(&mutex_);
    for (const auto& connection : connections_) connection->Close(how);
    connections_.clear();
  }
  AwaitRound();
}

// A socket that is closed while the thread polls it lives on until poll(2) returns.
void Proxy::AwaitRound() {
  Wake();
  const absl::MutexLock lock(&mutex_);
  const auto went_round = [this, before = rounds_]()
                              ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return rounds_ > before; };
  mutex_.Await(absl::Condition(&went_round));
}

void Proxy::ForgetAll() {
  const absl::MutexLock lock(&mutex_);
  for (const auto& connection : connections_) connection->forgotten = true;
}

void Proxy::Lay(const Ambush& ambush) {
  const absl::MutexLock lock(&mutex_);
  ambush_ = ambush;
  lies_ = true;
  for (const auto& connection : connections_) {
    connection->watched = true;
    connection->seen = 0;
    connection->last_bytes.clear();
  }
}

void Proxy::TakeAmbushAway() {
  const absl::MutexLock lock(&mutex_);
  lies_ = false;
  for (const auto& connection : connections_) connection->watched = false;
}

size_t Proxy::connections() const {
  const absl::MutexLock lock(&mutex_);
  return connections_.size();
}

int Proxy::ambushed() const {
  const absl::MutexLock lock(&mutex_);
  return ambushed_;
}

void Proxy::Accept() {
  for (;;) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0) return;
    const int server = weather_.refuses ? -1 : Connect(target_);
    if (server < 0) {
      Reset(client);
      continue;
    }
    connections_.push_back(std::make_unique<ProxiedConnection>(client, server));
    connections_.back()->watched = lies_ && !ambush_.pattern.empty();
  }
}

void Proxy::Look(ProxiedConnection& connection, const std::string& bytes) {
  if (!connection.watched) return;
  connection.seen += bytes.size();
  bool sprung = ambush_.pattern.empty() && connection.seen >= ambush_.bytes;
  if (!ambush_.pattern.empty()) {
    connection.last_bytes += bytes;
    sprung = connection.last_bytes.find(ambush_.pattern) != std::string::npos;
    const size_t kept = std::min(connection.last_bytes.size(), ambush_.pattern.size() - 1);
    connection.last_bytes.erase(0, connection.last_bytes.size() - kept);
  }
  if (!sprung) return;
  connection.watched = false;
  connection.cut_at = absl::Now() + ambush_.mercy;
}

// Takes what has come and sends what is due; false when the connection has ended.
bool Proxy::Move(ProxiedConnection& connection) {
  const absl::Time now = absl::Now();
  if (connection.cut_at <= now) {
    connection.LeaveServerInPeace(ambush_.how);
    ++ambushed_;
    return false;
  }
  const auto move = [&](Way& way, int from, int to, Flow flow, bool to_server) {
    while (flow != Flow::kStall && !way.sender_ended && way.size < kMostUnderWay) {
      std::string bytes;
      const Received received = Receive(from, &bytes);
      if (received == Received::kBroken) return false;
      if (received == Received::kNothing) break;
      if (received == Received::kEnd) {
        way.sender_ended = true;
        break;
      }
      if (flow == Flow::kSwallow) {
        connection.spoiled = true;
        continue;
      }
      if (to_server && connection.forgotten) {
        connection.Close(Cut::kReset);
        return false;
      }
      if (to_server) Look(connection, bytes);
      way.size += bytes.size();
      way.under_way.push_back({now + weather_.delay, std::move(bytes)});
    }
    while (flow == Flow::kPass && !way.under_way.empty() && way.under_way.front().due <= now) {
      std::string& bytes = way.under_way.front().bytes;
      const ssize_t sent = send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0) return errno == EAGAIN || errno == EINTR || errno == ENOTCONN;
      way.size -= static_cast<size_t>(sent);
      bytes.erase(0, static_cast<size_t>(sent));
      if (!bytes.empty()) break;
      way.under_way.pop_front();
    }
    if (way.sender_ended && way.under_way.empty() && !way.told && flow == Flow::kPass) {
      way.told = true;
      shutdown(to, SHUT_WR);
    }
    return true;
  };
  if (!move(connection.to_server, connection.client, connection.server, weather_.to_server, true)) {
    return false;
  }
  // Looked at after that: the server may answer at once.
  const bool ambushed = connection.cut_at != absl::InfiniteFuture();
  const Flow to_client = ambushed ? Flow::kSwallow : weather_.to_client;
  return move(connection.to_client, connection.server, connection.client, to_client, false) &&
         !(connection.to_server.told && connection.to_client.told);
}

void Proxy::Run() {
  for (;;) {
    std::vector<pollfd> sockets = {{wake_read_, POLLIN, 0}, {listener_, POLLIN, 0}};
    absl::Time until = absl::Now() + kLongestSleep;
    {
      const absl::MutexLock lock(&mutex_);
      if (ending_) {
        connections_.clear();
        return;
      }
      for (auto at = connections_.begin(); at != connections_.end();) {
        ProxiedConnection& connection = **at;
        if (!Move(connection)) {
          at = connections_.erase(at);
          continue;
        }
        ++at;
        const auto wait_for = [&](const Way& in, const Way& out, Flow flow_in, Flow flow_out) {
          short events = 0;
          const bool reads = flow_in != Flow::kStall && !in.sender_ended;
          if (reads && in.size < kMostUnderWay) events |= POLLIN;
          if (flow_out == Flow::kPass && !out.under_way.empty()) {
            if (out.under_way.front().due <= absl::Now()) {
              events |= POLLOUT;
            } else {
              until = std::min(until, out.under_way.front().due);
            }
          }
          return events;
        };
        const short client = wait_for(connection.to_server, connection.to_client,
                                      weather_.to_server, weather_.to_client);
        const short server = wait_for(connection.to_client, connection.to_server,
                                      weather_.to_client, weather_.to_server);
        // poll(2) reports hang-ups whether they are asked for or not, which would keep us busy.
        if (client != 0) sockets.push_back({connection.client, client, 0});
        if (server != 0) sockets.push_back({connection.server, server, 0});
        until = std::min(until, connection.cut_at);
      }
    }
    // Rounded up, so that it does not wake up just before.
    const absl::Duration sleep = std::max(absl::ZeroDuration(), until - absl::Now());
    poll(sockets.data(), sockets.size(),
         static_cast<int>(absl::ToInt64Milliseconds(absl::Ceil(sleep, absl::Milliseconds(1)))));
    std::array<char, 64> woken{};
    while (read(wake_read_, woken.data(), woken.size()) > 0) {
    }
    const absl::MutexLock lock(&mutex_);
    ++rounds_;
    Accept();
  }
}

}  // namespace usher::chaos
