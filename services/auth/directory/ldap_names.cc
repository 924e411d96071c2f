#include "services/auth/directory/ldap_names.h"

#include <ldap.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace usher::auth {
namespace {

bool StaysAsItIs(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.' ||
         c == '@';
}

// A part of a name: what stands between two commas, in the order of its types.
using Rdn = std::vector<std::pair<std::string, std::string>>;

std::string Lower(const berval& text) {
  return absl::AsciiStrToLower(
      absl::StripAsciiWhitespace(absl::string_view(text.bv_val, text.bv_len)));
}

std::optional<std::vector<Rdn>> PartsOf(const std::string& text) {
  // libldap takes a C string.
  if (text.empty() || text.find('\0') != std::string::npos) return std::nullopt;
  LDAPDN dn = nullptr;
  if (ldap_str2dn(text.c_str(), &dn, LDAP_DN_FORMAT_LDAPV3) != LDAP_SUCCESS) return std::nullopt;
  std::vector<Rdn> parts;
  for (int i = 0; dn != nullptr && dn[i] != nullptr; ++i) {
    Rdn rdn;
    for (int j = 0; dn[i][j] != nullptr; ++j) {
      rdn.emplace_back(Lower(dn[i][j]->la_attr), Lower(dn[i][j]->la_value));
    }
    std::sort(rdn.begin(), rdn.end());
    parts.push_back(std::move(rdn));
  }
  ldap_dnfree(dn);
  if (parts.empty()) return std::nullopt;
  return parts;
}

}  // namespace

std::string EscapedForLdap(absl::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    if (StaysAsItIs(c)) {
      escaped.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    escaped.append({'\\', kDigits[byte >> 4], kDigits[byte & 15]});
  }
  return escaped;
}

std::string FilledPattern(absl::string_view pattern, absl::string_view username) {
  return absl::StrReplaceAll(pattern, {{kUserPlace, EscapedForLdap(username)}});
}

bool IsDn(const std::string& text) { return PartsOf(text).has_value(); }

bool IsSameDn(const std::string& a, const std::string& b) {
  const auto parts = PartsOf(a);
  return parts.has_value() && parts == PartsOf(b);
}

bool LooksLikeFilter(absl::string_view text) {
  if (text.size() < 3 || text.front() != '(' || text.back() != ')') return false;
  int depth = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '(') ++depth;
    if (text[at] == ')') --depth;
    const bool ends = at + 1 == text.size();
    if (text[at] == '\0' || (depth == 0) != ends) return false;
  }
  return true;
}

bool IsAttribute(absl::string_view text) {
  return !text.empty() && absl::ascii_isalpha(static_cast<unsigned char>(text.front())) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == ';' ||
                  c == '.';
         });
}

}  // namespace usher::auth
