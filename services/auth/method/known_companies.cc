#include "services/auth/method/known_companies.h"

#include <vector>

#include "common/access/require.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/method_errors.h"

namespace usher::auth {

absl::Status KnownCompanies::Ensure(const Caller& caller, const CompanyId& company,
                                    const UserId& user, const MethodWish& wish) {
  RETURN_IF_ERROR(RequireMayFound(caller));
  ASSIGN_OR_RETURN(const Method first, methods_.PrepareFirst(caller.call(), company, user, wish));
  return store_.EnsureCompany(caller.call(), first);
}

absl::StatusOr<bool> KnownCompanies::Settle(const CallContext& call, const CompanyId& company,
                                            const UserId& user) {
  return store_.SettleCompany(call, company, user);
}

absl::Status KnownCompanies::Destroy(const Caller& caller, const CompanyId& company,
                                     absl::Duration rest) {
  RETURN_IF_ERROR(RequirePlatformAdministrator(caller));
  ASSIGN_OR_RETURN(const std::vector<token::Revocation> ended,
                   store_.DestroyCompany(caller.call(), company, rest));
  revocations_.Add(ended);
  return absl::OkStatus();
}

absl::StatusOr<bool> KnownCompanies::FindDestroyed(const CallContext& call,
                                                   const CompanyId& company) {
  return store_.IsDestroyed(call, company);
}

absl::StatusOr<bool> KnownCompanies::Clear(const CallContext& call, const CompanyId& company) {
  return store_.ClearCompany(call, company);
}

}  // namespace usher::auth
