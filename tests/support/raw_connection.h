// Connections to a server of which nothing is known but the address: what a stranger has.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/time/time.h"

namespace usher {

// To "127.0.0.1:port"; what an HTTP/2 client begins with (RFC 9113, 3.4) is sent on request.
class RawConnection {
 public:
  explicit RawConnection(const std::string& address) {
    sockaddr_in name = {};
    name.sin_family = AF_INET;
    int port = 0;
    const size_t colon = address.rfind(':');
    if (!absl::SimpleAtoi(address.substr(colon + 1), &port) ||
        inet_pton(AF_INET, address.substr(0, colon).c_str(), &name.sin_addr) != 1) {
      throw std::runtime_error("no address: " + address);
    }
    name.sin_port = htons(static_cast<uint16_t>(port));
    descriptor_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(descriptor_, reinterpret_cast<sockaddr*>(&name), sizeof(name)) != 0) {
      close(std::exchange(descriptor_, -1));
    }
  }
  ~RawConnection() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  RawConnection(RawConnection&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)) {}
  RawConnection& operator=(RawConnection&&) = delete;

  bool connected() const { return descriptor_ >= 0; }

  void SendPreface() const {
    const std::string preface("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 33);
    send(descriptor_, preface.data(), preface.size(), MSG_NOSIGNAL);
  }
  // Whether the other side says something, or closes, within `patience`.
  bool AwaitAnswer(absl::Duration patience) const {
    pollfd polled = {descriptor_, POLLIN, 0};
    const int64_t milliseconds = std::max<int64_t>(absl::ToInt64Milliseconds(patience), 0);
    return poll(&polled, 1, static_cast<int>(milliseconds)) > 0;
  }
  // Reads until an HTTP/2 frame of this type comes (RFC 9113, 4.1 and 6); false when none does.
  bool AwaitFrame(int type, absl::Duration patience) const {
    std::string bytes;
    char buffer[4096];
    size_t begin = 0;  // of a frame
    while (AwaitAnswer(patience)) {
      const ssize_t got = recv(descriptor_, buffer, sizeof(buffer), 0);
      if (got <= 0) return false;
      bytes.append(buffer, static_cast<size_t>(got));
      while (bytes.size() >= begin + 9) {
        if (bytes[begin + 3] == type) return true;
        const auto byte = [&](size_t i) { return static_cast<unsigned char>(bytes[begin + i]); };
        begin += 9 + (byte(0) << 16 | byte(1) << 8 | byte(2));
      }
    }
    return false;
  }
  // Reads until the other side closes; false when it does not within `patience` of silence.
  bool AwaitEnd(absl::Duration patience) const {
    char buffer[4096];
    while (AwaitAnswer(patience)) {
      if (recv(descriptor_, buffer, sizeof(buffer), 0) <= 0) return true;
    }
    return false;
  }

 private:
  int descriptor_ = -1;
};

}  // namespace usher
