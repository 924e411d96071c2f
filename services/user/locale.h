// The languages of a user. Pure.
#pragma once

#include <string>
#include <vector>

namespace usher::user {

// BCP 47 tags (common/text/language_tag.h), as they were given.
struct Locale {
  std::string ui_language;          // of client applications and mail; empty: none named
  std::vector<std::string> spoken;  // the best first
  static constexpr size_t kMostSpoken = 20;

  bool empty() const { return ui_language.empty() && spoken.empty(); }
  friend bool operator==(const Locale&, const Locale&) = default;
};

}  // namespace usher::user
