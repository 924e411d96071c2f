#include "services/auth/audit/audit_trail.h"

#include <utility>

#include "common/access/require.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"

namespace usher::auth {
namespace {

// Empty: of all companies.
absl::StatusOr<CompanyId> CompanyOf(const Caller& caller, const AuditWish& wish) {
  if (wish.all_companies) {
    if (wish.company.has_value()) {
      return FieldMalformed("company_id", "must be empty with all_companies");
    }
    RETURN_IF_ERROR(RequirePlatformAdministrator(caller));
    return CompanyId();
  }
  if (!wish.company.has_value() || *wish.company == caller.company()) return caller.company();
  if (!caller.IsPlatformAdministrator() || wish.company->empty()) return CompanyNotFound();
  return *wish.company;
}

}  // namespace

absl::StatusOr<AuditPage> AuditTrail::List(const Caller& caller, const AuditWish& wish) {
  if (!caller.IsPlatformAdministrator()) {
    RETURN_IF_ERROR(RequirePermission(caller, Permission::kGrantPermissions));
  }
  AuditFilter filter = wish.filter;
  ASSIGN_OR_RETURN(filter.company, CompanyOf(caller, wish));
  ++filter.limit;  // whether there are more
  AuditPage page;
  ASSIGN_OR_RETURN(page.entries, store_.List(caller.call(), filter));
  if (page.entries.size() == filter.limit) {
    page.entries.pop_back();
    page.next = page.entries.back().place;
  }
  return page;
}

}  // namespace usher::auth
