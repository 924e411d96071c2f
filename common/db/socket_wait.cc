#include "common/db/socket_wait.h"

#include <algorithm>
#include <cerrno>

#include "absl/time/clock.h"
#include "common/status/reply_error.h"

namespace usher::db {
namespace {

constexpr absl::Duration kLongestPoll = absl::Minutes(1);  // poll(2) takes an int of milliseconds

pollfd Poll(int socket, int events) {
  return {socket, static_cast<decltype(pollfd::events)>(events), 0};
}

}  // namespace

absl::Status AwaitSocket(int socket, int events, Until until) {
  pollfd awaited = Poll(socket, events);
  while (true) {
    const absl::Duration left = std::min(until() - absl::Now(), kLongestPoll);
    if (left <= absl::ZeroDuration()) return OutOfTime("waiting for the database");
    const int ready = poll(&awaited, 1, static_cast<int>(absl::ToInt64Milliseconds(left)) + 1);
    if (ready > 0) return absl::OkStatus();
    if (ready < 0 && errno != EINTR) return Unreachable("the database");
  }
}

bool SaidGoodbye(int socket) {
  pollfd unasked = Poll(socket, POLLIN);
  return poll(&unasked, 1, 0) != 0;
}

}  // namespace usher::db
