// The head of an HTTP request: its first line and its header fields.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace usher::http {

// Well-formed: RequestReader makes it. A value.
class RequestHead {
 public:
  RequestHead() = default;
  // `fields`: the lines of all header fields, each with its CRLF.
  RequestHead(std::string method, std::string target, int version, std::string fields)
      : method_(std::move(method)),
        target_(std::move(target)),
        version_(version),
        fields_(std::move(fields)) {}

  const std::string& method() const { return method_; }
  const std::string& target() const { return target_; }
  int version() const { return version_; }  // 10 or 11

  // The path that is asked for: of "/path?query" and of "http://host/path".
  absl::string_view Path() const;

  // The first value of a field, by its name in lower case; a view into this.
  std::optional<absl::string_view> Find(absl::string_view name) const;
  // All values in their order, joined by commas.
  std::string Join(absl::string_view name) const;
  int Count(absl::string_view name) const;
  // Whether a list of tokens ("keep-alive, Upgrade") has one, whatever its case.
  bool HasToken(absl::string_view name, absl::string_view token) const;

  // Whether another request may follow (RFC 9112, 9.3); none does in HTTP/1.0, whose clients would
  // have to be told so.
  bool KeepsAlive() const;

 private:
  // Calls `see` with each value of the field until it answers false.
  template <class See>
  void ForEach(absl::string_view name, See see) const;

  std::string method_;
  std::string target_;
  int version_ = 11;
  std::string fields_;
};

}  // namespace usher::http
