#include "common/server/acceptor.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/log.h"

namespace usher::server {
namespace {

// Connections of one socket before the others have their turn.
constexpr int kMostInARow = 64;
constexpr absl::Duration kPauseAfterFailure = absl::Milliseconds(50);

}  // namespace

Acceptor::Acceptor(std::vector<Door> doors, AddressLimit limit)
    : doors_(std::move(doors)),
      stop_event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      exempt_(std::move(limit.exempt)),
      counts_(limit.most) {}

Acceptor::~Acceptor() {
  Stop();
  close(stop_event_);
}

void Acceptor::Start() {
  thread_ = std::thread([this] { AcceptForEver(); });
}

void Acceptor::Stop() {
  if (thread_.joinable()) {
    eventfd_write(stop_event_, 1);
    thread_.join();
  }
  for (Door& door : doors_) door.sockets.clear();
}

void Acceptor::AcceptForEver() {
  std::vector<pollfd> polled = {{stop_event_, POLLIN, 0}};
  std::vector<const Door*> door_of = {nullptr};
  for (const Door& door : doors_) {
    for (const ListeningSocket& socket : door.sockets) {
      polled.push_back({socket.descriptor(), POLLIN, 0});
      door_of.push_back(&door);
    }
  }
  while (true) {
    poll(polled.data(), polled.size(), -1);
    if (polled[0].revents != 0) return;
    bool failed = false;
    for (size_t i = 1; i < polled.size(); ++i) {
      if (polled[i].revents != 0) failed |= !AcceptFrom(*door_of[i], polled[i].fd);
    }
    // Whoever waits to be accepted goes on waiting, and poll(2) would return at once.
    if (failed) Pause(kPauseAfterFailure);
  }
}

bool Acceptor::AcceptFrom(const Door& door, int socket) {
  for (int i = 0; i < kMostInARow; ++i) {
    sockaddr_storage peer = {};
    socklen_t size = sizeof(peer);
    const int descriptor =
        accept4(socket, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) {
      if (errno == EAGAIN) return true;
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        WarnOfRefusals();
        return false;
      }
      continue;  // of this connection alone: accept(2), "error handling"
    }
    if (descriptor >= door.too_many) {
      close(descriptor);
      refused_.fetch_add(1);
      WarnOfRefusals();
      continue;
    }
    if (door.counted && !HasRoomFor(peer, descriptor)) {
      close(descriptor);
      continue;
    }
    accepted_.fetch_add(1);
    door.take(socket, descriptor);
  }
  return true;
}

bool Acceptor::HasRoomFor(const sockaddr_storage& peer, int connection) {
  const std::optional<rpc::IpAddress> address = rpc::IpAddress::Of(peer);
  if (!address.has_value() || exempt_.Contains(*address)) return true;
  const std::string key = address->key();
  if (counts_.TryAdd(key, connection, absl::Now())) return true;
  refused_to_addresses_.fetch_add(1);
  WarnOfAddress(key);
  return false;
}

void Acceptor::Pause(absl::Duration duration) const {
  pollfd stop = {stop_event_, POLLIN, 0};
  poll(&stop, 1, static_cast<int>(absl::ToInt64Milliseconds(duration)));
}

void Acceptor::WarnOfRefusals() {
  if (!warns_.IsDue()) return;
  log::Warning("connections are refused: the descriptors are used up",
               {{"refused", absl::StrCat(refused_.load())}});
}

void Acceptor::WarnOfAddress(const std::string& address) {
  if (!warns_of_addresses_.IsDue()) return;
  log::Warning("connections are refused: their address has too many",
               {{"address", address}, {"refused", absl::StrCat(refused_to_addresses_.load())}});
}

}  // namespace usher::server
