// A connection through a proxy: two sockets, and the bytes between them.
#pragma once

#include <cstddef>
#include <deque>
#include <string>

#include "absl/time/time.h"
#include "tests/chaos/proxy.h"

namespace usher::chaos {

// One direction.
struct Way {
  struct Chunk {
    absl::Time due;
    std::string bytes;
  };
  std::deque<Chunk> under_way;
  size_t size = 0;
  bool sender_ended = false;  // it will send no more
  bool told = false;          // and the receiver knows
};

inline constexpr size_t kMostReceived = 64 * 1024;  // at a time

enum class Received { kBytes, kNothing, kEnd, kBroken };

// Up to kMostReceived of what has come; waits for nothing.
Received Receive(int socket, std::string* bytes);

// Owns both sockets. Not thread-safe.
struct ProxiedConnection {
  ProxiedConnection(int client_socket, int server_socket)
      : client(client_socket), server(server_socket) {}
  ~ProxiedConnection() { Close(Cut::kFin); }
  ProxiedConnection(const ProxiedConnection&) = delete;
  ProxiedConnection& operator=(const ProxiedConnection&) = delete;

  void Close(Cut how);
  // In an ambush: the server still reads what it was sent, and carries it out.
  void LeaveServerInPeace(Cut how);

  int client;
  int server;
  Way to_server;
  Way to_client;
  bool forgotten = false;
  bool watched = false;    // somebody lies in ambush
  size_t seen = 0;         // bytes to the server since then
  std::string last_bytes;  // of them, in which the pattern may have begun
  absl::Time cut_at = absl::InfiniteFuture();
  bool spoiled = false;  // bytes were swallowed
};

}  // namespace usher::chaos
