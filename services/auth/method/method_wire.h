// Authentication methods: messages to domain types and back.
#pragma once

#include <authentication/authenticationService.pb.h>

#include "absl/status/statusor.h"
#include "services/auth/method/known_users.h"
#include "services/auth/method/methods.h"

namespace usher::auth {

// How many credentials a request has, without an activation token, which in some calls stands
// beside others.
int CountCredentials(const ::authentication::AuthenticationRequest& request);

// authenticationCreate, and the credentials in ensureUser. PROTOCOL_ERROR for two credentials or
// a field of the wrong form; none at all is the domain's affair.
absl::StatusOr<MethodWish> FromWire(const ::authentication::AuthenticationRequest& request);

// What stands beside activationTokenCredentials. REQUEST_EMPTY without any, else as above.
absl::StatusOr<Credentials> CredentialsBesideInvitation(
    const ::authentication::AuthenticationRequest& request);

// REQUEST_EMPTY and USER_ID_INVALID for the user, else as above.
absl::StatusOr<UpdateWish> FromWire(const ::authentication::AuthenticationUpdateRequest& request);

// RANGE_ERROR for a limit above 1,000, MAX_SIZE_EXCEEDED for lists above 1,000, USER_ID_INVALID.
absl::StatusOr<ListWish> FromWire(const ::authentication::ListAuthenticationsRequest& request);

// The user asked about. REQUEST_EMPTY, USER_ID_INVALID.
absl::StatusOr<UserId> FromWire(const ::authentication::AuthenticationInformationRequest& request);

void ToWire(const UserInformation& information,
            ::authentication::AuthenticationInformationReply* reply);

// MAX_SIZE_EXCEEDED when one message cannot hold them.
absl::Status ToWire(const ListAnswer& answer, ::authentication::ListAuthenticationsReply* reply);

}  // namespace usher::auth
