// Switching companies: messages to domain types and back.
#pragma once

#include <authentication/authenticationService.pb.h>

#include <vector>

#include "absl/status/statusor.h"
#include "services/auth/company_switch/company_switch.h"

namespace usher::auth {

// The grant of an authenticate request that has companySwitchCredentials. REQUEST_EMPTY without one
// of its fields, and the errors of text_rules.h. A company ID that cannot exist comes out empty.
absl::StatusOr<SwitchGrant> SwitchGrantFromWire(
    const ::authentication::AuthenticationRequest& request);

void AccountsToWire(const std::vector<CompanyId>& companies,
                    ::authentication::AuthenticationReply* reply);

}  // namespace usher::auth
