#include "services/company/companies.h"

#include <utility>

#include "common/access/require.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/company/company_errors.h"

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
  const bool owner = !own.owner.empty() && own.owner == caller.user();
  if (owner || caller.Has(Permission::kGrantPermissions)) return absl::OkStatus();
  if (caller.Has(Permission::kManageCompany)) return absl::OkStatus();
  return PermissionMissing(
      "GRANT_PERMISSIONS (a company administrator), MANAGE_COMPANY, or being the owner");
}

// The books are the platform's. Who sends back what is there changes nothing.
absl::Status RequireMayKeepBooks(const Company& company, const CompanyChange& change) {
  if (Merge(company.books, change.books) == company.books) return absl::OkStatus();
  return PermissionMissing(
      "a platform administrator to change company.customerId and company.planId");
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
    if (caller.is_guest()) {
      company.owner_email.clear();
      company.books = {};
    }
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
    if (!platform) RETURN_IF_ERROR(RequireMayKeepBooks(company, change));
    return Merge(company, change);
  };
  ASSIGN_OR_RETURN(const bool found, store_.Update(caller.call(), id, decide));
  return found ? absl::OkStatus() : CompanyNotFound();
}

bool Companies::IsAllowed(const CompanyId& id) const {
  return IsCompanySlug(id.value()) && reserved_.count(id.value()) == 0;
}

absl::StatusOr<Founded> Companies::Create(const Caller& caller, Company draft,
                                          const FirstAdministrator& administrator) {
  RETURN_IF_ERROR(RequireMayFound(caller));
  if (draft.display_name.empty()) return FieldMissing("company.displayName");
  if (administrator.credentials.empty()) {
    return FieldMissing("userCreateRequest.authenticationRequest");
  }
  draft.id = CompanyId(text::Slug(draft.display_name));
  if (!IsAllowed(draft.id)) return CompanyIdNotAllowed();
  draft.owner_email = administrator.email;
  return sagas_.Found(caller.call(), draft, administrator);
}

absl::Status Companies::Destroy(const Caller& caller, const CompanyId& id) {
  RETURN_IF_ERROR(RequirePlatformAdministrator(caller));
  // A platform administrator is one in the operator's company only.
  if (id == caller.company()) return OperatorStays();
  return sagas_.Destroy(caller.call(), id);
}

absl::StatusOr<Availability> Companies::Available(const CallContext& call,
                                                  const std::string& display_name) {
  Availability answer;
  answer.id = CompanyId(text::Slug(display_name));
  if (!IsAllowed(answer.id)) return answer;
  ASSIGN_OR_RETURN(const bool taken, store_.IsTaken(call, answer.id));
  answer.available = !taken;
  return answer;
}

}  // namespace usher::company
