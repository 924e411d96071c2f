#include "common/server/listening_socket.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace usher::server {
namespace {

// A connection whose peer does not acknowledge what was sent is given up after this (tcp(7),
// TCP_USER_TIMEOUT); accepted sockets take these options from the one that listens.
constexpr int kLongestSilence = 20000;  // ms

absl::Status CannotListen(const std::string& address, const char* why) {
  return absl::UnavailableError(
      absl::StrCat("cannot listen on ", address, ": ", why, " (is it in use, or not ours?)"));
}

int NewSocket(int family) { return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); }

// The descriptor; -1, with errno, when it cannot be had.
int ListenOn(const sockaddr* address, socklen_t size) {
  const int descriptor = NewSocket(address->sa_family);
  if (descriptor < 0) return -1;
  const int on = 1;
  const int off = 0;
  if (address->sa_family != AF_UNIX) {
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &kLongestSilence,
               sizeof(kLongestSilence));
  }
  if (address->sa_family == AF_INET6) {
    setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
  }
  if (bind(descriptor, address, size) == 0 && listen(descriptor, SOMAXCONN) == 0) {
    return descriptor;
  }
  const int error = errno;
  close(descriptor);
  errno = error;
  return -1;
}

absl::StatusOr<std::vector<ListeningSocket>> ListenOnPath(const std::string& address,
                                                          std::string path) {
  sockaddr_un name = {};
  name.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(name.sun_path)) {
    return CannotListen(address, "a path of a socket has 1 to 107 bytes");
  }
  memcpy(name.sun_path, path.c_str(), path.size() + 1);
  struct stat there;
  if (stat(path.c_str(), &there) == 0 && S_ISSOCK(there.st_mode)) unlink(path.c_str());
  const int descriptor = ListenOn(reinterpret_cast<const sockaddr*>(&name), sizeof(name));
  if (descriptor < 0) return CannotListen(address, strerror(errno));
  std::vector<ListeningSocket> sockets;
  sockets.emplace_back(descriptor, std::move(path));
  return sockets;
}

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

// A null pointer, with the reason, when there are none.
Addresses Resolve(const std::string& host, const std::string& port, const char** why) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int error =
      getaddrinfo(host.empty() ? nullptr : host.c_str(), port.c_str(), &hints, &found);
  if (error != 0) *why = gai_strerror(error);
  return Addresses(error == 0 ? found : nullptr, &freeaddrinfo);
}

void SetPort(sockaddr* address, int port) {
  if (address->sa_family == AF_INET) {
    reinterpret_cast<sockaddr_in*>(address)->sin_port = htons(static_cast<uint16_t>(port));
  } else if (address->sa_family == AF_INET6) {
    reinterpret_cast<sockaddr_in6*>(address)->sin6_port = htons(static_cast<uint16_t>(port));
  }
}

int PortOf(int descriptor) {
  sockaddr_storage name = {};
  socklen_t size = sizeof(name);
  if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&name), &size) != 0) return 0;
  return ntohs(name.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&name)->sin6_port
                                          : reinterpret_cast<sockaddr_in*>(&name)->sin_port);
}

// Where port 0 is asked for, the port that was chosen for the first address is that of all.
void ListenOnEach(const addrinfo* addresses, std::vector<ListeningSocket>* sockets, int* chosen,
                  const char** why) {
  for (const addrinfo* each = addresses; each != nullptr; each = each->ai_next) {
    if (*chosen != 0) SetPort(each->ai_addr, *chosen);
    const int descriptor = ListenOn(each->ai_addr, each->ai_addrlen);
    if (descriptor < 0) {
      *why = strerror(errno);
      continue;
    }
    sockets->emplace_back(descriptor, "");
    *chosen = PortOf(descriptor);
  }
}

bool IsEverywhere(absl::string_view host) {
  return host.empty() || host == "*" || host == "0.0.0.0" || host == "::";
}

}  // namespace

ListeningSocket::~ListeningSocket() {
  if (descriptor_ < 0) return;
  close(descriptor_);
  if (!path_.empty()) unlink(path_.c_str());
}

absl::StatusOr<std::vector<ListeningSocket>> Listen(const std::string& address,
                                                    std::string* shown) {
  absl::string_view rest = address;
  *shown = address;
  if (absl::ConsumePrefix(&rest, "unix:")) {
    absl::ConsumePrefix(&rest, "//");
    return ListenOnPath(address, std::string(rest));
  }
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos) return CannotListen(address, "it is no host:port");
  absl::string_view host = rest.substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  const std::string port(rest.substr(colon + 1));
  const char* why = "it has no address";
  std::vector<ListeningSocket> sockets;
  int chosen = 0;
  if (!IsEverywhere(host)) {
    ListenOnEach(Resolve(std::string(host), port, &why).get(), &sockets, &chosen, &why);
  } else {
    ListenOnEach(Resolve("::", port, &why).get(), &sockets, &chosen, &why);
    if (sockets.empty()) {  // a machine without IPv6
      ListenOnEach(Resolve("0.0.0.0", port, &why).get(), &sockets, &chosen, &why);
    }
  }
  if (sockets.empty()) return CannotListen(address, why);
  *shown = absl::StrCat(address.substr(0, colon), ":", chosen);
  return sockets;
}

}  // namespace usher::server
