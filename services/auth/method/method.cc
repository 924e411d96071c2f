#include "services/auth/method/method.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/status/reply_error.h"
#include "services/auth/secret/common_passwords.h"
#include "services/auth/secret/password_form.h"

namespace usher::auth {
namespace {

struct KeyTypeRow {
  KeyType key_type;
  const char* name;
};

constexpr KeyTypeRow kKeyTypes[] = {
    {KeyType::kPassword, "password"},
    {KeyType::kAuthorizationCode, "authorization_code"},
    {KeyType::kLdap, "ldap"},
    {KeyType::kGuestAccess, "guest_access"},
    {KeyType::kActivationToken, "activation_token"},
    {KeyType::kPasswordReset, "password_reset"},
    {KeyType::kOauth2, "oauth2"},
    {KeyType::kRefreshToken, "refresh_token"},
};

constexpr absl::Duration kGuestLife = absl::Hours(24 * 30);
constexpr int64_t kNever = -1;

// Characters of UTF-8 text: bytes that do not continue one.
size_t CountCharacters(absl::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace

const char* KeyTypeName(KeyType key_type) {
  for (const KeyTypeRow& row : kKeyTypes) {
    if (row.key_type == key_type) return row.name;
  }
  return "";
}

std::optional<KeyType> ParseKeyType(absl::string_view name) {
  for (const KeyTypeRow& row : kKeyTypes) {
    if (name == row.name) return row.key_type;
  }
  return std::nullopt;
}

const char* AccountStatusName(AccountStatus status) {
  switch (status) {
    case AccountStatus::kDefault:
      return "DEFAULT";
    case AccountStatus::kActivated:
      return "ACTIVATED";
    case AccountStatus::kDeactivated:
      return "DEACTIVATED";
    case AccountStatus::kLocked:
      return "LOCKED";
    case AccountStatus::kPending:
      return "PENDING";
    case AccountStatus::kDeleted:
      return "DELETED";
  }
  return "";
}

std::string PrincipalKey(KeyType key_type, absl::string_view principal) {
  if (key_type == KeyType::kGuestAccess || key_type == KeyType::kRefreshToken) {
    // What is no UUID matches nothing, whatever its form.
    return CanonicalUuid(principal).value_or(std::string(principal));
  }
  // Tokens are compared as they are: folding would make different ones the same.
  if (key_type == KeyType::kActivationToken) return std::string(principal);
  return text::Fold(principal);
}

std::string AssociatedData(const CompanyId& company, const MethodKey& key) {
  // Neither slugs nor key types hold a '|'.
  return absl::StrCat(company.value(), "|", KeyTypeName(key.key_type), "|", key.principal_key);
}

AccountStatus EffectiveStatus(const MethodStanding& standing, absl::Time now) {
  if (!standing.company_active) return AccountStatus::kDeleted;
  if (standing.user_status != AccountStatus::kActivated) return standing.user_status;
  return EffectiveStatus(standing.method, now);
}

AccountStatus EffectiveStatus(const Method& method, absl::Time now) {
  if (method.status != AccountStatus::kActivated) return method.status;
  const bool expired = method.expires_at.has_value() && *method.expires_at <= now;
  return expired ? AccountStatus::kDeactivated : AccountStatus::kActivated;
}

AccountStatus EffectiveStatus(const UserStanding& standing) {
  if (!standing.company_active) return AccountStatus::kDeleted;
  return standing.status != AccountStatus::kActivated ? standing.status : standing.methods;
}

absl::StatusOr<std::optional<absl::Time>> GuestExpiry(std::optional<absl::Time> wish,
                                                      absl::Time now) {
  if (!wish.has_value()) return std::optional<absl::Time>(now + kGuestLife);
  if (*wish == absl::InfiniteFuture()) return std::optional<absl::Time>();
  if (*wish <= now) return FieldOutOfRange("expiry", "is in the past");
  return wish;
}

absl::Status CheckNewPassword(const Secret& password, absl::string_view username,
                              const CompanyId& company) {
  const size_t shortest = text::TheLimits().shortest_password;
  if (CountCharacters(ComposedForm(password).Reveal()) < shortest) {
    return FieldMalformed("password", absl::StrCat("must have at least ", shortest, " characters"));
  }
  const Secret folded = FoldedForm(password);
  if (folded.Reveal() == text::Fold(username) || folded.Reveal() == company.value()) {
    return ActionInvalid("the password must not be the user name or the company; choose another");
  }
  if (IsCommonPassword(folded)) {
    return ActionInvalid("this password is one of the first that are tried; choose another");
  }
  return absl::OkStatus();
}

text::Metadata ShownMetadata(const Method& method) {
  text::Metadata shown = method.metadata;
  if (method.key_type != KeyType::kGuestAccess) return shown;
  shown["roomId"] = method.room.value();
  shown["email"] = method.email;
  shown["displayName"] = method.display_name;
  shown["expiry"] = absl::StrCat(
      method.expires_at.has_value() ? absl::ToUnixSeconds(*method.expires_at) : kNever);
  shown["shareable"] = method.shareable ? "true" : "false";
  return shown;
}

}  // namespace usher::auth
