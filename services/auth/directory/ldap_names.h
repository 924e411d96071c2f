// Names and filters of LDAP: what people typed, put into patterns; and names compared.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace usher::auth {

// In a pattern: where the user name goes.
inline constexpr char kUserPlace[] = "{user}";

// `text` as a value in a name (RFC 4514) and in a filter (RFC 4515) alike, whatever it holds: both
// write any byte as a backslash and two hex digits. Only letters and digits of ASCII, '-', '_', '.'
// and '@' stay as they are.
std::string EscapedForLdap(absl::string_view text);

// The pattern with the name in all its places. `pattern` comes from the configuration, `username`
// from anybody.
std::string FilledPattern(absl::string_view pattern, absl::string_view username);

// Whether it is the name of an entry (DN).
bool IsDn(const std::string& text);
// Whether two of them name the same entry, as far as can be said without its schema: types and
// values regardless of case and of how they are escaped. False for what is none.
bool IsSameDn(const std::string& a, const std::string& b);

// A filter by its looks: in parentheses, which balance. What is inside, the directory judges.
bool LooksLikeFilter(absl::string_view text);
// The name of an attribute.
bool IsAttribute(absl::string_view text);

}  // namespace usher::auth
