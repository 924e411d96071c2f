// Whose pages in browsers may call (CORS, https://fetch.spec.whatwg.org/#http-cors-protocol).
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace usher::http {

// Immutable, thread-safe.
class Origins {
 public:
  // Nobody's.
  Origins() = default;
  // "https://app.example.com,http://localhost:8080", or "*" for all. kInvalidArgument with one
  // line about the part that is no origin.
  static absl::StatusOr<Origins> Parse(absl::string_view list);

  bool Allow(absl::string_view origin) const;

 private:
  std::vector<std::string> origins_;
  bool all_ = false;
};

}  // namespace usher::http
