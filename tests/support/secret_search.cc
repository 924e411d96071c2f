#include "tests/support/secret_search.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace usher {
namespace {

constexpr size_t kPart = 18;  // bytes: long enough to be nothing else

// Without the bytes at both ends that share a character with a neighbour.
void AddBase64(const std::string& name, absl::string_view part,
               std::map<std::string, std::string>* forms) {
  for (size_t skipped = 0; skipped < 3 && part.size() >= skipped + 6; ++skipped) {
    const absl::string_view middle = part.substr(skipped, (part.size() - skipped) / 3 * 3);
    forms->emplace(absl::Base64Escape(middle), absl::StrCat(name, " in base64"));
    forms->emplace(absl::WebSafeBase64Escape(middle), absl::StrCat(name, " in base64url"));
  }
}

void AddForms(const std::string& name, absl::string_view part,
              std::map<std::string, std::string>* forms) {
  forms->emplace(part, name);
  const std::string hex = absl::BytesToHexString(part);
  forms->emplace(hex, absl::StrCat(name, " in hex"));
  forms->emplace(absl::AsciiStrToUpper(hex), absl::StrCat(name, " in hex"));
  forms->emplace(absl::CEscape(part), absl::StrCat(name, " escaped"));
  forms->emplace(absl::CHexEscape(part), absl::StrCat(name, " escaped"));
  AddBase64(name, part, forms);
}

}  // namespace

void SecretSearch::Add(const std::string& name, absl::string_view secret) {
  if (secret.empty()) return;
  if (secret.size() <= 2 * kPart) {
    AddForms(name, secret, &names_);
    return;
  }
  for (size_t at = 0; at + kPart <= secret.size(); at += kPart) {
    AddForms(name, secret.substr(at, kPart), &names_);
  }
}

std::string SecretSearch::FindIn(absl::string_view text) const {
  std::string found;
  for (const auto& [form, name] : names_) {
    if (!absl::StrContains(text, form)) continue;
    absl::StrAppend(&found, found.empty() ? "" : ", ", name);
  }
  return found;
}

}  // namespace usher
