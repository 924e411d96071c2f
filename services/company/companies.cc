#include "services/company/companies.h"

#include <utility>

#include "common/access/require.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"

namespace usher::company {
namespace {

Company NameOnly(const Company& company) {
  Company shown;
  shown.id = company.id;
  shown.display_name = company.display_name;
  shown.created_at = absl::UnixEpoch();
  return shown;
}

absl::Status RequireMayUpdate(const Caller& caller, const Company& own) {
  RETURN_IF_ERROR(RequireNoGuest(caller));
  const bool owner = !own.owner.empty() && own.owner == caller.user();
  if (owner || caller.Has(Permission::kGrantPermissions)) return absl::OkStatus();
  return PermissionMissing("GRANT_PERMISSIONS (a company administrator), or being the owner");
}

}  // namespace

absl::StatusOr<std::vector<Company>> Companies::List(const Caller& caller, const ListWish& wish) {
  const bool sees_all = caller.HasPlatform(Permission::kCompanyList);
  CompanyPage page;
  page.first = wish.first;
  page.limit = wish.limit;
  page.ids_only = wish.ids_only;
  page.with_metadata = wish.with_metadata;
  if (!sees_all) page.in_full = caller.company();
  if (!wish.ids.empty()) {
    page.only = wish.ids;
  } else if (!sees_all) {
    page.only = {caller.company()};
  }
  ASSIGN_OR_RETURN(std::vector<Company> found, store_.List(caller.call(), page));
  for (Company& company : found) {
    if (!sees_all && company.id != caller.company()) company = NameOnly(company);
    if (caller.is_guest()) company.owner_email.clear();
  }
  return found;
}

absl::Status Companies::Update(const Caller& caller, const CompanyId& id,
                               const CompanyChange& change) {
  const bool platform = caller.IsPlatformAdministrator();
  if (!platform && id != caller.company()) return CompanyNotFound();
  const DecideUpdate decide = [&](const Company& company) -> absl::StatusOr<Company> {
    if (!platform) RETURN_IF_ERROR(RequireMayUpdate(caller, company));
    if (change.empty()) return FieldMissing("company");
    return Merge(company, change);
  };
  ASSIGN_OR_RETURN(const bool found, store_.Update(caller.call(), id, decide));
  return found ? absl::OkStatus() : CompanyNotFound();
}

absl::StatusOr<Availability> Companies::Available(const CallContext& call,
                                                  const std::string& display_name) {
  Availability answer;
  answer.id = CompanyId(text::Slug(display_name));
  if (!IsCompanySlug(answer.id.value()) || reserved_.count(answer.id.value()) > 0) return answer;
  ASSIGN_OR_RETURN(const bool taken, store_.IsTaken(call, answer.id));
  answer.available = !taken;
  return answer;
}

}  // namespace usher::company
