// HTTP/1.1 by hand: what goes out is what a test says, byte by byte.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <map>
#include <stdexcept>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

namespace usher {

struct HttpAnswer {
  int status = 0;                              // 0: none came
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

// A POST as the published PHP client sends it, with further header lines, each with its CRLF.
inline std::string HttpPost(absl::string_view path, absl::string_view json,
                            absl::string_view headers = "") {
  return absl::StrCat("POST ", path, " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: GuzzleHttp/7\r\n",
                      "Content-Type: application/json\r\n", headers,
                      "Content-Length: ", json.size(), "\r\n\r\n", json);
}

// To "127.0.0.1:port" or "unix:path". Throws when it cannot be connected.
class RawHttp {
 public:
  explicit RawHttp(const std::string& address) {
    sockaddr_storage name = {};
    socklen_t size = 0;
    absl::string_view rest = address;
    if (absl::ConsumePrefix(&rest, "unix:")) {
      auto& path = reinterpret_cast<sockaddr_un&>(name);
      path.sun_family = AF_UNIX;
      rest.copy(path.sun_path, sizeof(path.sun_path) - 1);
      size = sizeof(path);
    } else {
      auto& ip = reinterpret_cast<sockaddr_in&>(name);
      const size_t colon = address.rfind(':');
      int port = 0;
      if (!absl::SimpleAtoi(address.substr(colon + 1), &port)) throw std::runtime_error(address);
      ip.sin_family = AF_INET;
      ip.sin_port = htons(static_cast<uint16_t>(port));
      inet_pton(AF_INET, address.substr(0, colon).c_str(), &ip.sin_addr);
      size = sizeof(ip);
    }
    descriptor_ = socket(name.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(descriptor_, reinterpret_cast<sockaddr*>(&name), size) != 0) {
      close(descriptor_);
      throw std::runtime_error("cannot connect to " + address);
    }
  }
  ~RawHttp() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  RawHttp(RawHttp&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), buffer_(std::move(other.buffer_)) {}
  RawHttp& operator=(RawHttp&&) = delete;

  int descriptor() const { return descriptor_; }

  void Send(absl::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;  // it was closed: the test will see that
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
  }
  void EndSending() const { shutdown(descriptor_, SHUT_WR); }

  // The next answer; one with status 0 when the connection ends before it, or nothing comes.
  HttpAnswer Answer(absl::Duration patience = absl::Seconds(30)) {
    HttpAnswer answer;
    size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!ReadMore(patience)) return answer;
    }
    const std::vector<std::string> lines = absl::StrSplit(buffer_.substr(0, end), "\r\n");
    for (size_t i = 1; i < lines.size(); ++i) {
      const std::pair<std::string, std::string> field =
          absl::StrSplit(lines[i], absl::MaxSplits(':', 1));
      answer.headers[absl::AsciiStrToLower(field.first)] =
          std::string(absl::StripAsciiWhitespace(field.second));
    }
    size_t size = 0;
    if (answer.headers.count("content-length") > 0 &&
        !absl::SimpleAtoi(answer.headers["content-length"], &size)) {
      return answer;
    }
    while (buffer_.size() < end + 4 + size) {
      if (!ReadMore(patience)) return answer;
    }
    answer.body = buffer_.substr(end + 4, size);
    buffer_.erase(0, end + 4 + size);
    if (lines[0].size() > 12 && !absl::SimpleAtoi(lines[0].substr(9, 3), &answer.status)) {
      answer.status = 0;
    }
    return answer;
  }
  HttpAnswer Ask(absl::string_view request) {
    Send(request);
    return Answer();
  }
  // Whether the server closes the connection, having said no more.
  bool AwaitEnd(absl::Duration patience = absl::Seconds(30)) {
    while (buffer_.empty()) {
      if (!ReadMore(patience)) return ended_;
    }
    return false;
  }
  // What has come and was not part of an answer.
  const std::string& rest() const { return buffer_; }

 private:
  bool ReadMore(absl::Duration patience) {
    pollfd polled = {descriptor_, POLLIN, 0};
    if (poll(&polled, 1, static_cast<int>(absl::ToInt64Milliseconds(patience))) <= 0) return false;
    char bytes[16 * 1024];
    const ssize_t got = recv(descriptor_, bytes, sizeof(bytes), 0);
    if (got <= 0) {
      ended_ = true;
      return false;
    }
    buffer_.append(bytes, static_cast<size_t>(got));
    return true;
  }

  int descriptor_ = -1;
  std::string buffer_;
  bool ended_ = false;
};

}  // namespace usher
