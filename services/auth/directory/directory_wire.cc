#include "services/auth/directory/directory_wire.h"

#include "common/rpc/id_wire.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "common/text/text_rules.h"
#include "services/auth/session/sign_in_wire.h"

namespace usher::auth {

absl::StatusOr<DirectoryGrant> DirectoryGrantFromWire(
    const ::authentication::AuthenticationRequest& request) {
  const std::string at = "ldapCredentials";
  const ::authentication::LdapCredentials& wire = request.ldapcredentials();
  DirectoryGrant grant;
  if (wire.companyid().empty()) return FieldMissing(at + ".companyId");
  grant.company = ParseCompanyId(wire.companyid()).value_or(CompanyId());
  ASSIGN_OR_RETURN(grant.proof.username, text::Name(at + ".username", wire.username()));
  if (!wire.password().empty()) {
    RETURN_IF_ERROR(text::CheckSecret(at + ".password", wire.password()));
  }
  grant.proof.password = Secret(wire.password());
  ASSIGN_OR_RETURN(grant.proof.bind_dn, text::OptionalName(at + ".bindDN", wire.binddn()));
  ASSIGN_OR_RETURN(grant.proof.search_dn, text::OptionalName(at + ".searchDN", wire.searchdn()));
  grant.wanted = WantedFromWire(request.permissions());
  return grant;
}

}  // namespace usher::auth
