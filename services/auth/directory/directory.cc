#include "services/auth/directory/directory.h"

#include "absl/strings/ascii.h"
#include "services/auth/method/method.h"

namespace usher::auth {

bool IsBlank(const Secret& password) {
  return absl::StripAsciiWhitespace(password.Reveal()).empty();
}

bool IsSameName(const std::string& a, const std::string& b) {
  return PrincipalKey(KeyType::kLdap, a) == PrincipalKey(KeyType::kLdap, b);
}

}  // namespace usher::auth
