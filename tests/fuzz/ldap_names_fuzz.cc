// User names on their way into names and filters of LDAP, and names that clients give.
#include <ldap.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/auth/directory/ldap_names.h"
#include "tests/fuzz/property.h"

namespace {

using namespace usher;
using namespace usher::auth;

// What the escapes stand for (RFC 4515, 3).
std::string Unescaped(absl::string_view text) {
  std::string plain;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') {
      plain.push_back(text[at]);
      continue;
    }
    fuzz::Require(at + 2 < text.size(), "an escape is complete");
    plain += absl::HexStringToBytes(text.substr(at + 1, 2));
    at += 2;
  }
  return plain;
}

// The name keeps to its place in the pattern, as libldap reads it.
void CheckDn(const std::string& given) {
  const std::string dn = FilledPattern("uid={user},ou=people,dc=example,dc=org", given);
  LDAPDN parts = nullptr;
  const int read = ldap_str2dn(dn.c_str(), &parts, LDAP_DN_FORMAT_LDAPV3);
  if (given.empty()) {
    ldap_dnfree(parts);
    return;
  }
  fuzz::Require(read == LDAP_SUCCESS, "a filled pattern is a name");
  int count = 0;
  while (parts[count] != nullptr) ++count;
  fuzz::Require(count == 4, "it has the parts of its pattern");
  fuzz::Require(parts[0][0] != nullptr && parts[0][1] == nullptr, "the first has one value");
  const berval& value = parts[0][0]->la_value;
  fuzz::Require(std::string(value.bv_val, value.bv_len) == given, "which is what was given");
  ldap_dnfree(parts);
  fuzz::Require(IsSameDn(dn, dn), "it is itself");
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string given(fuzz::Text(data, size));
  const std::string escaped = EscapedForLdap(given);
  fuzz::Require(absl::string_view(escaped).find_first_of(
                    absl::string_view("*()\0,+\"<>;=# ", 13)) == absl::string_view::npos,
                "nothing that means something is left");
  fuzz::Require(Unescaped(escaped) == given, "it means what was given");
  const std::string filter = FilledPattern("(&(uid={user})(!(employeeType=off)))", given);
  fuzz::Require(LooksLikeFilter(filter), "a filled filter is one");
  CheckDn(given);
  // What a client names itself.
  const bool is_name = IsDn(given);
  fuzz::Require(IsSameDn(given, given) == is_name, "a name is itself, and nothing else is");
  fuzz::Require(!IsSameDn(given, "uid=ann,dc=example,dc=org") || is_name, "only a name is another");
  LooksLikeFilter(given);
  IsAttribute(given);
  return 0;
}
