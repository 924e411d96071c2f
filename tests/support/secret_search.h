// Finds a secret in a text, also where somebody encoded it first.
#pragma once

#include <map>
#include <string>

#include "absl/strings/string_view.h"

namespace usher {

// The secrets of a test, and what they are called. Binary ones as well.
class SecretSearch {
 public:
  // Longer ones are looked for in parts, so that an excerpt is found too. Ignores an empty secret.
  void Add(const std::string& name, absl::string_view secret);

  // What was found in `text`, for a person: names and encodings (none, hex, base64 in any place,
  // base64url, C and protobuf escapes), never the secrets themselves. Empty when nothing was.
  std::string FindIn(absl::string_view text) const;

  size_t size() const { return names_.size(); }

 private:
  std::map<std::string, std::string> names_;  // by what must not be there
};

}  // namespace usher
