#include "tests/chaos/proxied_connection.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "tests/chaos/socket.h"

namespace usher::chaos {

Received Receive(int socket, std::string* bytes) {
  bytes->resize(kMostReceived);
  const ssize_t got = recv(socket, bytes->data(), bytes->size(), 0);
  if (got > 0) {
    bytes->resize(static_cast<size_t>(got));
    return Received::kBytes;
  }
  bytes->clear();
  if (got == 0) return Received::kEnd;
  return errno == EAGAIN || errno == EINTR ? Received::kNothing : Received::kBroken;
}

void ProxiedConnection::Close(Cut how) {
  for (int* socket : {&client, &server}) {
    if (*socket < 0) continue;
    if (how == Cut::kReset) {
      Reset(*socket);
    } else {
      close(*socket);
    }
    *socket = -1;
  }
}

void ProxiedConnection::LeaveServerInPeace(Cut how) {
  close(std::exchange(server, -1));
  Close(how);
}

}  // namespace usher::chaos
