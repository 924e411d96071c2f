#include "services/auth/mail/mail_address.h"

#include <idn2.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/printable.h"

namespace usher::auth {
namespace {

constexpr size_t kLongestAddress = 254;   // RFC 5321, 4.5.3.1.3
constexpr size_t kLongestLocalPart = 64;  // 4.5.3.1.1, and RFC 6531, 3.4: in octets
constexpr size_t kLongestLabel = 63;

bool IsAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isascii(static_cast<unsigned char>(c)); });
}

bool IsAtomCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         absl::StrContains("!#$%&'*+-/=?^_`{|}~", absl::string_view(&c, 1));
}

// Beyond ASCII whatever a person sees.
bool IsAtom(absl::string_view atom) {
  if (atom.empty()) return false;
  while (!atom.empty()) {
    const Character character = FirstCharacter(atom);
    const bool good = character.code_point >= 0x80
                          ? IsPrintable(character.code_point) && !IsInvisible(character.code_point)
                          : IsAtomCharacter(atom.front());
    if (!good) return false;
    atom.remove_prefix(character.bytes);
  }
  return true;
}

bool IsLocalPart(absl::string_view part) {
  if (part.size() > kLongestLocalPart) return false;
  const std::vector<absl::string_view> atoms = absl::StrSplit(part, '.');
  return std::all_of(atoms.begin(), atoms.end(), IsAtom);
}

bool IsLabel(absl::string_view label) {
  return !label.empty() && label.size() <= kLongestLabel && label.front() != '-' &&
         label.back() != '-' && std::all_of(label.begin(), label.end(), [](char c) {
           return c == '-' || absl::ascii_isalnum(static_cast<unsigned char>(c));
         });
}

bool IsDomain(absl::string_view domain) {
  const std::vector<absl::string_view> labels = absl::StrSplit(domain, '.');
  return labels.size() >= 2 && std::all_of(labels.begin(), labels.end(), IsLabel);
}

// As it stands in the DNS; nothing for what cannot.
std::optional<std::string> InAscii(absl::string_view domain) {
  if (IsAscii(domain)) return std::string(domain);
  // Several bytes a character, of which none becomes shorter than one.
  if (domain.size() > 4 * kLongestAddress || absl::StrContains(domain, '\0')) return std::nullopt;
  char* ascii = nullptr;
  const int result =
      idn2_to_ascii_8z(std::string(domain).c_str(), &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  const std::unique_ptr<char, void (*)(void*)> owned(ascii, idn2_free);
  if (result != IDN2_OK || ascii == nullptr) return std::nullopt;
  return std::string(ascii);
}

}  // namespace

absl::StatusOr<MailAddress> ParseMailAddress(absl::string_view address) {
  const absl::Status none = absl::InvalidArgumentError(
      "the e-mail address is none that mail can be sent to (user@example.org)");
  const size_t at = address.find('@');
  if (at == absl::string_view::npos) return none;
  const absl::string_view local = address.substr(0, at);
  if (!IsLocalPart(local)) return none;
  const std::optional<std::string> domain = InAscii(address.substr(at + 1));
  if (!domain.has_value() || !IsDomain(*domain)) return none;
  MailAddress parsed{.text = absl::StrCat(local, "@", *domain), .takes_utf8 = !IsAscii(local)};
  if (parsed.text.size() > kLongestAddress) return none;
  return parsed;
}

}  // namespace usher::auth
