#include "tests/chaos/socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace usher::chaos {
namespace {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

Address AddressOf(absl::string_view text) {
  Address address;
  if (absl::ConsumePrefix(&text, "unix:")) {
    auto* path = reinterpret_cast<sockaddr_un*>(&address.storage);
    if (text.size() >= sizeof(path->sun_path)) throw std::runtime_error("a long path");
    path->sun_family = AF_UNIX;
    std::memcpy(path->sun_path, text.data(), text.size());
    address.size = sizeof(sockaddr_un);
    return address;
  }
  int port = 0;
  if (!absl::ConsumePrefix(&text, "127.0.0.1:") || !absl::SimpleAtoi(text, &port)) {
    throw std::runtime_error("neither loopback nor a Unix socket");
  }
  auto* place = reinterpret_cast<sockaddr_in*>(&address.storage);
  place->sin_family = AF_INET;
  place->sin_port = htons(static_cast<uint16_t>(port));
  place->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.size = sizeof(sockaddr_in);
  return address;
}

int MakeSocket(const Address& address) {
  const int made = socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (made < 0) throw std::runtime_error(absl::StrCat("socket: ", std::strerror(errno)));
  if (address.storage.ss_family == AF_INET) {
    const int on = 1;
    setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  return made;
}

}  // namespace

int Listen(const std::string& text) {
  const Address address = AddressOf(text);
  const int made = MakeSocket(address);
  if (bind(made, address.get(), address.size) != 0 || listen(made, 512) != 0) {
    close(made);
    throw std::runtime_error(absl::StrCat("cannot listen on ", text, ": ", std::strerror(errno)));
  }
  return made;
}

int Connect(const std::string& text) {
  const Address address = AddressOf(text);
  const int made = MakeSocket(address);
  if (connect(made, address.get(), address.size) == 0 || errno == EINPROGRESS) return made;
  close(made);
  return -1;
}

int PortOf(int socket) {
  Address address;
  address.size = sizeof(address.storage);
  getsockname(socket, reinterpret_cast<sockaddr*>(&address.storage), &address.size);
  if (address.storage.ss_family != AF_INET) return 0;
  return ntohs(reinterpret_cast<const sockaddr_in*>(&address.storage)->sin_port);
}

void Reset(int socket) {
  const linger now{1, 0};  // socket(7)
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close(socket);
}

}  // namespace usher::chaos
