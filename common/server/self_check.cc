#include "common/server/self_check.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"

namespace usher::server {
namespace {

absl::Status Failed(const char* what) {
  const std::string text = absl::StrCat(what, ": ", strerror(errno));
  return errno == EMFILE || errno == ENFILE ? absl::ResourceExhaustedError(text)
                                            : absl::UnavailableError(text);
}

class Socket {
 public:
  explicit Socket(int family)
      : descriptor_(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {}
  ~Socket() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int get() const { return descriptor_; }

 private:
  const int descriptor_;
};

// False at the deadline.
bool Await(int descriptor, short event, absl::Time deadline) {
  pollfd polled = {descriptor, event, 0};
  while (true) {
    const absl::Duration left = std::max(deadline - absl::Now(), absl::ZeroDuration());
    const int ready = poll(&polled, 1, static_cast<int>(absl::ToInt64Milliseconds(left)));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

absl::Status TryAddress(const sockaddr* address, socklen_t size, absl::Time deadline) {
  const Socket socket(address->sa_family);
  if (socket.get() < 0) return Failed("socket");
  // EAGAIN: the queue of those who wait at a Unix socket is full.
  if (connect(socket.get(), address, size) != 0 && errno != EINPROGRESS) {
    return Failed("connect");
  }
  if (!Await(socket.get(), POLLOUT, deadline)) {
    return absl::DeadlineExceededError("the connection does not come about");
  }
  int error = 0;
  socklen_t error_size = sizeof(error);
  getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &error_size);
  if (error != 0) {
    errno = error;
    return Failed("connect");
  }
  // A port without TLS begins to speak by itself; one with TLS closes when it hears no more.
  shutdown(socket.get(), SHUT_WR);
  if (!Await(socket.get(), POLLIN, deadline)) {
    return absl::DeadlineExceededError("nobody answers");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status TryPort(const std::string& address, absl::Duration patience) {
  const absl::Time deadline = absl::Now() + patience;
  absl::string_view rest = address;
  if (absl::ConsumePrefix(&rest, "unix:")) {
    absl::ConsumePrefix(&rest, "//");
    sockaddr_un name = {};
    name.sun_family = AF_UNIX;
    rest.copy(name.sun_path, sizeof(name.sun_path) - 1);
    return TryAddress(reinterpret_cast<const sockaddr*>(&name), sizeof(name), deadline);
  }
  const size_t colon = rest.rfind(':');
  absl::string_view host = rest.substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  // Without a host: the loopback address, which is what "everywhere" includes.
  const bool everywhere = host.empty() || host == "*" || host == "0.0.0.0" || host == "::";
  const std::string name(host);
  const std::string port(colon == absl::string_view::npos ? "" : rest.substr(colon + 1));
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(everywhere ? nullptr : name.c_str(), port.c_str(), &hints, &found);
  if (error != 0) return absl::UnavailableError(gai_strerror(error));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, &freeaddrinfo);
  absl::Status status;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    status = TryAddress(each->ai_addr, each->ai_addrlen, deadline);
    if (status.ok()) break;
  }
  return status;
}

}  // namespace usher::server
