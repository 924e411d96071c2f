// Sockets by the addresses that gRPC writes: "127.0.0.1:4711", "unix:/path".
#pragma once

#include <string>

namespace usher::chaos {

// All of them do not block and are closed on exec. They throw std::runtime_error, apart from
// Connect, which answers -1 when there is nobody, or the backlog is full.
int Listen(const std::string& address);
int Connect(const std::string& address);
// The port that a socket listens on; 0 for a Unix socket.
int PortOf(int socket);

// Closes it with an RST where there is one.
void Reset(int socket);

}  // namespace usher::chaos
