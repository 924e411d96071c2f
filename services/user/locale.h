// The languages of a user. Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace usher::user {

// BCP 47 tags, as they were given.
struct Locale {
  std::string ui_language;          // of client applications and mail; empty: none named
  std::vector<std::string> spoken;  // the best first
  static constexpr size_t kMostSpoken = 20;

  bool empty() const { return ui_language.empty() && spoken.empty(); }
  friend bool operator==(const Locale&, const Locale&) = default;
};

// A language tag, trimmed; "" stays "". PROTOCOL_ERROR for what is not well-formed (RFC 5646,
// section 2.2.9; the irregular tags of before 1996, "i-klingon", are not taken),
// MAX_SIZE_EXCEEDED beyond 64 characters. Whether there is such a language is not asked.
absl::StatusOr<std::string> OptionalLanguageTag(absl::string_view field, absl::string_view raw);

}  // namespace usher::user
