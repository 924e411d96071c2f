// Addresses of pages that links lead to.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace usher::text {

// An https address, taken apart; what browsers read in more than one way is no page.
struct Page {
  std::string host;  // in small letters
  int port = 443;
  std::string path;      // "" or with a leading slash
  std::string query;     // without its question mark
  std::string fragment;  // without its number sign

  std::string Text() const;
};

// Nothing unless it is https, with a host of letters, digits, hyphens and dots, without user names,
// and without backslashes, dots or slashes in disguise, or "." and ".." in its path.
std::optional<Page> ParsePage(absl::string_view text);

// Whether a character stands for itself in every part of an address (RFC 3986, section 2.3).
bool IsUnreserved(char c);

// As a value in a query or a fragment: all but unreserved characters by its bytes (section 2.1).
std::string PercentEncoded(absl::string_view value);

}  // namespace usher::text
