#include "services/company/companies.h"

#include <optional>
#include <utility>

#include "common/permission/require.h"
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

}  // namespace

absl::StatusOr<std::vector<Company>> Companies::List(const Caller& caller, const ListWish& wish) {
  const bool sees_all = caller.HasPlatform(Permission::kCompanyList);
  if (wish.ids.empty() && sees_all) {
    return store_.List(caller.call(), wish.first, wish.limit);
  }
  std::vector<CompanyId> ids = wish.ids;
  if (ids.empty()) ids.push_back(caller.company());
  ASSIGN_OR_RETURN(const std::vector<Company> found, store_.FindSome(caller.call(), ids));

  std::vector<Company> shown;
  for (const Company& company : found) {
    if (company.id < wish.first || shown.size() >= wish.limit) continue;
    const bool in_full = sees_all || company.id == caller.company();
    shown.push_back(in_full ? company : NameOnly(company));
  }
  return shown;
}

absl::Status Companies::Update(const Caller& caller, const CompanyId& id,
                               const CompanyChange& change) {
  if (!caller.IsPlatformAdministrator()) {
    if (id != caller.company()) return CompanyNotFound();
    RETURN_IF_ERROR(RequireMayUpdate(caller));
  }
  if (change.empty()) return FieldMissing("company");
  ASSIGN_OR_RETURN(const std::optional<Company> updated, store_.Update(caller.call(), id, change));
  return updated.has_value() ? absl::OkStatus() : CompanyNotFound();
}

absl::Status Companies::RequireMayUpdate(const Caller& caller) {
  RETURN_IF_ERROR(RequireNoGuest(caller));
  if (caller.Has(Permission::kGrantPermissions)) return absl::OkStatus();
  const absl::Status refused =
      PermissionMissing("GRANT_PERMISSIONS (a company administrator), or being the owner");
  ASSIGN_OR_RETURN(const std::vector<Company> own,
                   store_.FindSome(caller.call(), {caller.company()}));
  if (own.empty() || own[0].owner_email.empty()) return refused;
  ASSIGN_OR_RETURN(const std::string email, own_email_.Of(caller));
  return text::Fold(email) == text::Fold(own[0].owner_email) ? absl::OkStatus() : refused;
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
