// Invitations: messages to domain types and back.
#pragma once

#include <authentication/authenticationService.pb.h>

#include "absl/status/statusor.h"
#include "services/auth/invitation/invitations.h"

namespace usher::auth {

// Of authenticate and authenticationUpdate. REQUEST_EMPTY without one of the fields, and the errors
// of text_rules.h. A company ID that cannot exist comes out empty.
absl::StatusOr<InvitationGrant> InvitationFromWire(
    const ::authentication::ActivationTokenCredentials& wire);

// Whether an update accepts an invitation: one stands beside other credentials.
bool AcceptsInvitation(const ::authentication::AuthenticationUpdateRequest& request);
// Such an update. The errors of FromWire (method_wire.h) and of InvitationFromWire; ACTION_INVALID
// with removeAll.
absl::StatusOr<AcceptWish> AcceptanceFromWire(
    const ::authentication::AuthenticationUpdateRequest& request);

}  // namespace usher::auth
