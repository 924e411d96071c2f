// Failures that a client is told about: an absl::Status that carries a ReplyStatusCode.
//
// A status with a reply code is *decided*: the gate answers gRPC OK and puts code and text into
// ReplyInfo. A status without one means that the call was not decided, and becomes a gRPC status
// (docs/contract.md, "Outcome"). This file is the only code table.
#pragma once

#include <common/replyInfo.pb.h>

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace usher {

using ReplyCode = ::common::ReplyStatusCode;

// `text` is shown to the client: no SQL, no secrets, nothing of another company.
absl::Status ReplyError(ReplyCode code, absl::string_view text);

// The reply code of a decided failure; nothing for OK and for undecided ones.
std::optional<ReplyCode> ReplyCodeOf(const absl::Status& status);

// The failures that every service has. Services add their own in <noun>_errors.h.
absl::Status AccessInfoMissing();
absl::Status TokenRefused();                                   // AUTHENTICATION_ERROR
absl::Status TokenExpired();                                   // TOKEN_OUTDATED
absl::Status AccountNotActive(absl::string_view status_name);  // ACCOUNT_STATUS_ERROR
absl::Status PermissionMissing(absl::string_view what);        // INSUFFICIENT_PERMISSIONS
absl::Status FieldMissing(absl::string_view field);            // REQUEST_EMPTY
absl::Status FieldMalformed(absl::string_view field, absl::string_view why);   // PROTOCOL_ERROR
absl::Status FieldOutOfRange(absl::string_view field, absl::string_view why);  // RANGE_ERROR
absl::Status FieldTooLong(absl::string_view field, size_t limit);              // MAX_SIZE_EXCEEDED
absl::Status UserIdInvalid(absl::string_view field, absl::string_view text);
absl::Status RoomIdInvalid(absl::string_view field, absl::string_view text);
absl::Status UserNotFound();     // NOT_FOUND
absl::Status CompanyNotFound();  // NOT_FOUND
absl::Status ActionInvalid(absl::string_view why);
absl::Status NotImplemented(absl::string_view what);
absl::Status RemoteError(absl::string_view service);

// Undecided: nothing was changed, the client may repeat the call.
absl::Status Unreachable(absl::string_view what);
// Undecided: no room for more work right now.
absl::Status Overloaded(absl::string_view what);
// Undecided: the time of the call was up.
absl::Status OutOfTime(absl::string_view doing);
// Undecided: a change was on its way, and nobody knows whether it was made; `why` says what was
// lost. kDeadlineExceeded, as a client that reads UNAVAILABLE repeats the call without looking.
absl::Status InDoubt(absl::string_view why);

// A client's text, cut and stripped so that it can stand in a message or a log line.
std::string Quoted(absl::string_view text);

}  // namespace usher
