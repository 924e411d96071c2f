// A small HTTP/1.1 port: one request for each connection.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/http/request_head.h"

namespace usher::livekit {

// The next of those who wait at a listening socket, as accept4(2) has it: neither waits nor is
// passed on to other programs.
int AcceptConnection(int listening);

struct HttpListenerOptions {
  std::string address;  // host:port, or unix:path
  size_t largest_body = 256 * 1024;
  size_t most_connections = 256;               // at a time; others wait to be accepted
  absl::Duration longest = absl::Seconds(10);  // for a request and its answer
  std::function<int(int listening)> accept = AcceptConnection;  // tests let it fail
};

// Whatever is malformed, too large or too slow is refused before the handler sees it.
class HttpListener {
 public:
  // The HTTP code that is answered, with nothing else. Called on one thread, one after the other:
  // does not wait.
  using Handler = std::function<int(const http::RequestHead& head, const std::string& body)>;

  // kUnavailable when it cannot be bound.
  static absl::StatusOr<std::unique_ptr<HttpListener>> Open(HttpListenerOptions options,
                                                            Handler handler);
  virtual ~HttpListener() = default;

  // With the port that was chosen for port 0.
  virtual std::string address() const = 0;
};

}  // namespace usher::livekit
