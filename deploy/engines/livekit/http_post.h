// One HTTP request after the other to one server, by libcurl.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace usher::livekit {

struct HttpAnswer {
  long code = 0;
  std::string body;
};

struct HttpPostOptions {
  std::string ca;  // PEM file; empty: those of the system
  absl::Duration longest = absl::Seconds(5);
  size_t largest_answer = 32 * 1024 * 1024;  // bytes
  // When it is true, what is under way is given up.
  std::shared_ptr<const std::atomic<bool>> ending;
};

// Keeps its connection. For one thread at a time. Follows no redirects, asks no proxy.
class HttpPost {
 public:
  static absl::StatusOr<std::unique_ptr<HttpPost>> Open(HttpPostOptions options);
  ~HttpPost();
  HttpPost(const HttpPost&) = delete;
  HttpPost& operator=(const HttpPost&) = delete;

  // Posts JSON. `authorization`: the value of that header, which is in no error text. kUnavailable
  // when no whole answer came.
  absl::StatusOr<HttpAnswer> Post(const std::string& url, const std::string& authorization,
                                  absl::string_view body);

 private:
  HttpPost(HttpPostOptions options, void* curl) : options_(std::move(options)), curl_(curl) {}
  void Prepare();

  const HttpPostOptions options_;
  void* const curl_;  // CURL*
};

}  // namespace usher::livekit
