#include "services/company/company.h"

#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "common/text/page.h"

namespace usher::company {

Books Merge(Books books, const Books& change) {
  if (!change.customer_id.empty()) books.customer_id = change.customer_id;
  if (!change.plan_id.empty()) books.plan_id = change.plan_id;
  return books;
}

absl::StatusOr<Company> Merge(Company company, const CompanyChange& change) {
  if (!change.display_name.empty()) company.display_name = change.display_name;
  if (change.branding.has_value()) company.branding = *change.branding;
  company.books = Merge(std::move(company.books), change.books);
  company.metadata = text::MergeMetadata(std::move(company.metadata), change.metadata);
  RETURN_IF_ERROR(text::CheckMetadata("company.metadata", company.metadata));
  return company;
}

namespace {

// Nothing where it cannot be one.
std::optional<std::string> Base(absl::string_view text) {
  const std::optional<text::Page> page = text::ParsePage(text);
  if (!page || !page->query.empty() || !page->fragment.empty()) return std::nullopt;
  return std::string(absl::StripSuffix(page->Text(), "/"));
}

}  // namespace

absl::Status CheckJoinLinkBase(absl::string_view base) {
  if (base.empty() || Base(base)) return absl::OkStatus();
  return FieldMalformed(absl::StrCat("company.metadata: ", kJoinLinkBase),
                        "must be an address like https://meet.example.org");
}

std::string JoinLinkBaseOf(const Company& company) {
  const auto found = company.metadata.find(kJoinLinkBase);
  return found == company.metadata.end() ? "" : Base(found->second).value_or("");
}

absl::Status CheckLogoUrl(absl::string_view field, absl::string_view url) {
  if (url.empty()) return absl::OkStatus();
  if (absl::StartsWith(url, "https://") && absl::EndsWith(url, ".png")) return absl::OkStatus();
  return FieldMalformed(field, "must begin with https:// and end with .png");
}

}  // namespace usher::company
