#include "services/company/company_wire.h"

#include <optional>
#include <utility>

#include "common/rpc/gate/largest_reply.h"
#include "common/rpc/id_wire.h"
#include "common/rpc/page_limit.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/company/company_errors.h"

namespace usher::company {
namespace {

constexpr int64_t kLargestLogo = 100000;  // pixels

absl::StatusOr<int64_t> LogoSide(absl::string_view field, int64_t pixels) {
  if (pixels < 0 || pixels > kLargestLogo) {
    return FieldOutOfRange(field, "must be between 0 and 100000 pixels");
  }
  return pixels;
}

// Empty, or the address of a logo.
absl::StatusOr<std::string> LogoUrl(absl::string_view field, absl::string_view raw) {
  ASSIGN_OR_RETURN(std::string url, text::OptionalName(field, raw));
  RETURN_IF_ERROR(CheckLogoUrl(field, url));
  return url;
}

absl::StatusOr<Branding> FromWire(const ::common::Branding& wire) {
  Branding branding;
  branding.enabled = wire.enabled();
  ASSIGN_OR_RETURN(branding.title, text::OptionalName("branding.title", wire.title()));
  ASSIGN_OR_RETURN(branding.navbar_background,
                   text::OptionalName("branding.navbarBg", wire.navbarbg()));
  ASSIGN_OR_RETURN(branding.logo_url, LogoUrl("branding.logoURL", wire.logourl()));
  ASSIGN_OR_RETURN(branding.logo_alternative_url,
                   LogoUrl("branding.logoAlternativeURL", wire.logoalternativeurl()));
  ASSIGN_OR_RETURN(branding.logo_square_48_url,
                   LogoUrl("branding.logoSquare48URL", wire.logosquare48url()));
  ASSIGN_OR_RETURN(branding.logo_square_96_url,
                   LogoUrl("branding.logoSquare96URL", wire.logosquare96url()));
  ASSIGN_OR_RETURN(branding.logo_height, LogoSide("branding.logoHeight", wire.logoheight()));
  ASSIGN_OR_RETURN(branding.logo_width, LogoSide("branding.logoWidth", wire.logowidth()));
  return branding;
}

void ToWire(const Branding& branding, ::common::Branding* wire) {
  wire->set_enabled(branding.enabled);
  wire->set_title(branding.title);
  wire->set_navbarbg(branding.navbar_background);
  wire->set_logourl(branding.logo_url);
  wire->set_logoalternativeurl(branding.logo_alternative_url);
  wire->set_logosquare48url(branding.logo_square_48_url);
  wire->set_logosquare96url(branding.logo_square_96_url);
  wire->set_logoheight(branding.logo_height);
  wire->set_logowidth(branding.logo_width);
}

bool HasBranding(const Branding& branding) {
  return branding.enabled || !branding.title.empty() || !branding.navbar_background.empty() ||
         !branding.logo_url.empty() || !branding.logo_alternative_url.empty() ||
         branding.logo_height != 0 || branding.logo_width != 0 ||
         !branding.logo_square_48_url.empty() || !branding.logo_square_96_url.empty();
}

}  // namespace

absl::StatusOr<ListWish> FromWire(const ::companyService::CompanyListRequest& request) {
  ListWish wish;
  wish.ids_only = request.accessinfo().returnobjectidsonly();
  wish.with_metadata = request.accessinfo().includemetadata();
  ASSIGN_OR_RETURN(wish.limit, PageLimitFromWire(request.limit()));
  RETURN_IF_ERROR(text::CheckCount("companyIdList", request.companyidlist_size()));
  for (const std::string& id : request.companyidlist()) {
    if (std::optional<CompanyId> company = ParseCompanyId(id)) {
      wish.ids.push_back(*std::move(company));
    }
  }
  // Only IDs that cannot exist: nothing is found, rather than all.
  if (wish.ids.empty() && request.companyidlist_size() > 0) wish.limit = 0;
  if (!request.companyidfrom().empty()) {
    ASSIGN_OR_RETURN(const std::string first,
                     text::OptionalName("companyIdFrom", request.companyidfrom()));
    wish.first = CompanyId(text::Fold(first));
  }
  return wish;
}

absl::StatusOr<CompanyChange> FromWire(const ::common::Company& wire) {
  CompanyChange change;
  ASSIGN_OR_RETURN(change.display_name,
                   text::OptionalName("company.displayName", wire.displayname()));
  if (wire.has_branding()) {
    ASSIGN_OR_RETURN(change.branding, FromWire(wire.branding()));
  }
  ASSIGN_OR_RETURN(change.metadata, text::MetadataFromWire("company.metadata", wire.metadata()));
  const auto base = change.metadata.find(kJoinLinkBase);
  if (base != change.metadata.end()) RETURN_IF_ERROR(CheckJoinLinkBase(base->second));
  ASSIGN_OR_RETURN(change.books.customer_id,
                   text::OptionalName("company.customerId", wire.customerid()));
  ASSIGN_OR_RETURN(change.books.plan_id, text::OptionalName("company.planId", wire.planid()));
  return change;
}

absl::StatusOr<Company> DraftFromWire(const ::common::Company& wire) {
  ASSIGN_OR_RETURN(CompanyChange given, FromWire(wire));
  Company draft;
  draft.display_name = std::move(given.display_name);
  if (given.branding.has_value()) draft.branding = *std::move(given.branding);
  draft.books = std::move(given.books);
  draft.metadata = text::MergeMetadata({}, given.metadata);
  RETURN_IF_ERROR(text::CheckMetadata("company.metadata", draft.metadata));
  return draft;
}

absl::StatusOr<FirstAdministrator> FromWire(const ::user::UserCreateRequest& request) {
  FirstAdministrator administrator;
  ASSIGN_OR_RETURN(administrator.email,
                   text::OptionalEmail("userCreateRequest.user.email", request.user().email()));
  administrator.profile = request.user().SerializeAsString();
  administrator.credentials = Secret(request.authenticationrequest().SerializeAsString());
  return administrator;
}

::common::Company ToWire(const Company& company) {
  ::common::Company wire;
  wire.set_displayname(company.display_name);
  wire.set_ownerid(company.owner_email);
  wire.set_createdat(absl::ToUnixSeconds(company.created_at));
  if (HasBranding(company.branding)) ToWire(company.branding, wire.mutable_branding());
  wire.mutable_metadata()->insert(company.metadata.begin(), company.metadata.end());
  wire.set_customerid(company.books.customer_id);
  wire.set_planid(company.books.plan_id);
  return wire;
}

absl::Status ToWire(const std::vector<Company>& companies, bool ids_only,
                    ::companyService::CompanyListReply* reply) {
  for (const Company& company : companies) {
    reply->add_orderedcompanyids(company.id.value());
    if (!ids_only) (*reply->mutable_companies())[company.id.value()] = ToWire(company);
  }
  return rpc::HoldToLargest(ReplyTooLarge(), reply);
}

}  // namespace usher::company
