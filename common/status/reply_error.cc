#include "common/status/reply_error.h"

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace usher {
namespace {

constexpr char kPayload[] = "usher/reply_code";

absl::StatusCode CanonicalCode(ReplyCode code) {
  switch (code) {
    case ::common::ACCESS_INFO_MISSING:
    case ::common::AUTHENTICATION_ERROR:
    case ::common::TOKEN_OUTDATED:
      return absl::StatusCode::kUnauthenticated;
    case ::common::ACCOUNT_STATUS_ERROR:
    case ::common::INSUFFICIENT_PERMISSIONS:
      return absl::StatusCode::kPermissionDenied;
    case ::common::NOT_FOUND:
    case ::common::ROOM_NOT_FOUND:
      return absl::StatusCode::kNotFound;
    case ::common::ACTION_INVALID:
    case ::common::ROOM_INVALID:
    case ::common::USER_INVALID:
    case ::common::QUOTA_EXCEEDED:
      return absl::StatusCode::kFailedPrecondition;
    case ::common::RANGE_ERROR:
      return absl::StatusCode::kOutOfRange;
    case ::common::NOT_IMPLEMENTED:
      return absl::StatusCode::kUnimplemented;
    case ::common::REMOTE_ERROR:
      return absl::StatusCode::kUnavailable;
    default:
      return absl::StatusCode::kInvalidArgument;
  }
}

}  // namespace

absl::Status ReplyError(ReplyCode code, absl::string_view text) {
  absl::Status status(CanonicalCode(code), text);
  status.SetPayload(kPayload, absl::Cord(absl::StrCat(static_cast<int>(code))));
  return status;
}

std::optional<ReplyCode> ReplyCodeOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayload);
  int code = 0;
  if (!payload.has_value() || !absl::SimpleAtoi(std::string(*payload), &code)) return std::nullopt;
  return static_cast<ReplyCode>(code);
}

absl::Status AccessInfoMissing() {
  return ReplyError(::common::ACCESS_INFO_MISSING,
                    "this call needs accessInfo.accessToken; sign in with authenticate first");
}

absl::Status TokenRefused() {
  return ReplyError(::common::AUTHENTICATION_ERROR,
                    "the access token is not valid (not ours, altered, or signed out)");
}

absl::Status TokenExpired() {
  return ReplyError(::common::TOKEN_OUTDATED,
                    "the access token has expired; use the refresh token to get a new one");
}

absl::Status AccountNotActive(absl::string_view status_name) {
  return ReplyError(::common::ACCOUNT_STATUS_ERROR,
                    absl::StrCat("the account is not active: ", status_name));
}

absl::Status PermissionMissing(absl::string_view what) {
  return ReplyError(::common::INSUFFICIENT_PERMISSIONS, absl::StrCat("this takes ", what));
}

absl::Status FieldMissing(absl::string_view field) {
  return ReplyError(::common::REQUEST_EMPTY, absl::StrCat(field, " is missing"));
}

absl::Status FieldMalformed(absl::string_view field, absl::string_view why) {
  return ReplyError(::common::PROTOCOL_ERROR, absl::StrCat(field, " ", why));
}

absl::Status FieldOutOfRange(absl::string_view field, absl::string_view why) {
  return ReplyError(::common::RANGE_ERROR, absl::StrCat(field, " ", why));
}

absl::Status FieldTooLong(absl::string_view field, size_t limit) {
  return ReplyError(::common::MAX_SIZE_EXCEEDED, absl::StrCat(field, " is larger than ", limit));
}

absl::Status UserIdInvalid(absl::string_view field, absl::string_view text) {
  return ReplyError(::common::USER_ID_INVALID,
                    absl::StrCat(field, " is not a UUID: ", Quoted(text)));
}

absl::Status RoomIdInvalid(absl::string_view field, absl::string_view text) {
  return ReplyError(::common::ROOM_ID_INVALID,
                    absl::StrCat(field, " is not a UUID: ", Quoted(text)));
}

absl::Status UserNotFound() {
  return ReplyError(::common::NOT_FOUND, "there is no such user in this company");
}

absl::Status CompanyNotFound() {
  return ReplyError(::common::NOT_FOUND, "there is no such company");
}

absl::Status ActionInvalid(absl::string_view why) {
  return ReplyError(::common::ACTION_INVALID, why);
}

absl::Status NotImplemented(absl::string_view what) {
  return ReplyError(::common::NOT_IMPLEMENTED, absl::StrCat(what, " is not there yet"));
}

absl::Status RemoteError(absl::string_view service) {
  return ReplyError(::common::REMOTE_ERROR, absl::StrCat("the ", service, " service failed"));
}

absl::Status Unreachable(absl::string_view what) {
  return absl::UnavailableError(
      absl::StrCat(what, " is out of reach; nothing was changed, try again"));
}

absl::Status Overloaded(absl::string_view what) {
  return absl::ResourceExhaustedError(absl::StrCat("too many calls (", what, "); try again later"));
}

absl::Status OutOfTime(absl::string_view doing) {
  return absl::DeadlineExceededError(absl::StrCat("the time of the call was up ", doing));
}

absl::Status InDoubt(absl::string_view why) {
  return absl::DeadlineExceededError(
      absl::StrCat(why,
                   ": look whether the change is there before repeating it, or repeat it with the "
                   "same idempotency-key"));
}

std::string Quoted(absl::string_view text) {
  constexpr size_t kMost = 64;
  std::string quoted = "'";
  for (const char c : text.substr(0, kMost)) {
    // Bytes from 0x80 on are left out as well: a cut could split a character.
    quoted.push_back(absl::ascii_isprint(static_cast<unsigned char>(c)) ? c : '?');
  }
  absl::StrAppend(&quoted, text.size() > kMost ? "...'" : "'");
  return quoted;
}

}  // namespace usher
