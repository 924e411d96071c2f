// Signing in and signing tokens: messages to domain types and back.
#pragma once

#include <authentication/authenticationService.pb.h>

#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "common/permission/permission_wire.h"
#include "services/auth/session/renewal.h"
#include "services/auth/session/sign_in.h"
#include "services/auth/session/tokens.h"

namespace usher::auth {

// A grant that another wing reads (company_switch/, directory/, invitation/).
struct OtherGrant {
  std::string what;
};

using Grant = std::variant<PasswordGrant, CodeGrant, GuestGrant, RefreshGrant, OtherGrant>;

// The one grant of an authenticate request. REQUEST_EMPTY without credentials or without one of
// their fields, PROTOCOL_ERROR for two of them, and the errors of text_rules.h. A company ID that
// cannot exist comes out empty: it is answered like one that does not exist.
absl::StatusOr<Grant> GrantFromWire(const ::authentication::AuthenticationRequest& request);

// What the token may have at most: the rules of NarrowedByWire, before it is known what is held.
PermissionSet WantedFromWire(const WirePermissions& wire);

// REQUEST_EMPTY without token or user, USER_ID_INVALID, PROTOCOL_ERROR for a number that is no
// permission.
absl::StatusOr<TokenWish> FromWire(const ::authentication::SignAccessTokenRequest& request);

void ToWire(const SignedIn& signed_in, ::authentication::AuthenticationReply* reply);
void ToWire(const SignedToken& token, ::authentication::AuthenticationReply* reply);

// The account's status beside an ACCOUNT_STATUS_ERROR; leaves the reply alone for anything else.
void AccountStatusToWire(const absl::Status& failure, ::authentication::AuthenticationReply* reply);

}  // namespace usher::auth
