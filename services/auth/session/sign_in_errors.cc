#include "services/auth/session/sign_in_errors.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/status/reply_error.h"
#include "services/auth/session/session.h"

namespace usher::auth {
namespace {

constexpr char kPayload[] = "usher/account_status";

}  // namespace

absl::Status CredentialsRefused() {
  return ReplyError(::common::AUTHENTICATION_ERROR, "company, name and secret do not fit together");
}

absl::Status RefreshTokenRefused() {
  return ReplyError(::common::AUTHENTICATION_ERROR,
                    "the refresh token has ended, or does not belong to this principal, company "
                    "and access token; sign in again");
}

absl::Status RefreshTokenAnswered() {
  return ReplyError(::common::QUOTA_EXCEEDED,
                    absl::StrCat("this refresh token was answered ", kMostSuccessors,
                                 " times already; go on with one of the answers"));
}

absl::Status SwitchRefused() {
  return ReplyError(::common::AUTHENTICATION_ERROR,
                    "this session cannot go on in that company; sign in there");
}

absl::Status SessionsExhausted(size_t most) {
  return ReplyError(::common::QUOTA_EXCEEDED,
                    absl::StrCat("this guest access admits ", most,
                                 " guests at a time, and as many are there; try again later"));
}

absl::Status AccountInactive(AccountStatus status) {
  absl::Status failure = AccountNotActive(AccountStatusName(status));
  failure.SetPayload(kPayload, absl::Cord(absl::StrCat(static_cast<int>(status))));
  return failure;
}

std::optional<AccountStatus> AccountStatusOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayload);
  int number = 0;
  if (!payload.has_value() || !absl::SimpleAtoi(std::string(*payload), &number)) {
    return std::nullopt;
  }
  return static_cast<AccountStatus>(number);
}

}  // namespace usher::auth
