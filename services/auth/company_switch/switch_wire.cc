#include "services/auth/company_switch/switch_wire.h"

#include <string>

#include "common/rpc/id_wire.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "common/text/text_rules.h"
#include "services/auth/session/sign_in_wire.h"

namespace usher::auth {

absl::StatusOr<SwitchGrant> SwitchGrantFromWire(
    const ::authentication::AuthenticationRequest& request) {
  const std::string at = "companySwitchCredentials";
  const ::authentication::CompanySwitchCredentials& wire = request.companyswitchcredentials();
  SwitchGrant grant;
  grant.wanted = WantedFromWire(request.permissions());
  if (wire.companyid().empty()) return FieldMissing(at + ".companyId");
  grant.company = ParseCompanyId(wire.companyid()).value_or(CompanyId());
  ASSIGN_OR_RETURN(grant.principal, text::Name(at + ".principal", wire.principal()));
  RETURN_IF_ERROR(text::CheckSecret(at + ".refreshToken", wire.refreshtoken()));
  grant.refresh_token = Secret(wire.refreshtoken());
  if (wire.accesstoken().empty()) return FieldMissing(at + ".accessToken");
  grant.access_token = wire.accesstoken();
  return grant;
}

void AccountsToWire(const std::vector<CompanyId>& companies,
                    ::authentication::AuthenticationReply* reply) {
  for (const CompanyId& company : companies) {
    reply->add_accessibleaccounts()->set_companyid(company.value());
  }
}

}  // namespace usher::auth
