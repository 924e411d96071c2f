#include "common/http/sockets.h"

#include "absl/strings/str_cat.h"

namespace usher::http {

StreamSocket SocketOf(asio::io_context& io, int descriptor) {
  StreamSocket socket(io);
  sockaddr_storage name = {};
  socklen_t size = sizeof(name);
  ErrorCode error;
  if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&name), &size) == 0) {
    socket.assign(asio::generic::stream_protocol(name.ss_family, 0), descriptor, error);
  }
  if (!socket.is_open()) {
    close(descriptor);
    return socket;
  }
  socket.non_blocking(true, error);
  return socket;
}

std::string PeerOf(int descriptor) {
  sockaddr_storage name = {};
  socklen_t size = sizeof(name);
  if (getpeername(descriptor, reinterpret_cast<sockaddr*>(&name), &size) != 0) return "unix:";
  char text[INET6_ADDRSTRLEN] = "";
  if (name.ss_family == AF_INET) {
    const auto& address = reinterpret_cast<const sockaddr_in&>(name);
    inet_ntop(AF_INET, &address.sin_addr, text, sizeof(text));
    return absl::StrCat("ipv4:", text, ":", ntohs(address.sin_port));
  }
  if (name.ss_family == AF_INET6) {
    const auto& address = reinterpret_cast<const sockaddr_in6&>(name);
    inet_ntop(AF_INET6, &address.sin6_addr, text, sizeof(text));
    return absl::StrCat("ipv6:[", text, "]:", ntohs(address.sin6_port));
  }
  return "unix:";
}

}  // namespace usher::http
