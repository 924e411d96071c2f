#include "services/auth/invitation/invitation_wire.h"

#include <utility>

#include "common/rpc/id_wire.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "common/text/text_rules.h"
#include "services/auth/method/method_wire.h"

namespace usher::auth {

absl::StatusOr<InvitationGrant> InvitationFromWire(
    const ::authentication::ActivationTokenCredentials& wire) {
  const std::string at = "activationTokenCredentials";
  InvitationGrant grant;
  if (wire.companyid().empty()) return FieldMissing(at + ".companyId");
  grant.company = ParseCompanyId(wire.companyid()).value_or(CompanyId());
  ASSIGN_OR_RETURN(grant.token, text::Name(at + ".activationToken", wire.activationtoken()));
  RETURN_IF_ERROR(text::CheckSecret(at + ".code", wire.code()));
  grant.code = Secret(wire.code());
  return grant;
}

bool AcceptsInvitation(const ::authentication::AuthenticationUpdateRequest& request) {
  const auto& method = request.authenticationrequest();
  return method.has_activationtokencredentials() && CountCredentials(method) > 0;
}

absl::StatusOr<AcceptWish> AcceptanceFromWire(
    const ::authentication::AuthenticationUpdateRequest& request) {
  if (request.removeall()) {
    return ActionInvalid("removeAll and an invitation do not go together");
  }
  AcceptWish wish;
  const ::authentication::AuthenticationRequest& method = request.authenticationrequest();
  ASSIGN_OR_RETURN(wish.user, UserIdFromWire("userId", request.userid()));
  ASSIGN_OR_RETURN(wish.invitation, InvitationFromWire(method.activationtokencredentials()));
  // Permissions, status and metadata are what the invitation says.
  ASSIGN_OR_RETURN(wish.credentials, CredentialsBesideInvitation(method));
  return wish;
}

}  // namespace usher::auth
