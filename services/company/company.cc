#include "services/company/company.h"

#include "absl/strings/match.h"
#include "common/status/reply_error.h"

namespace usher::company {

absl::Status CheckLogoUrl(absl::string_view field, absl::string_view url) {
  if (url.empty()) return absl::OkStatus();
  if (absl::StartsWith(url, "https://") && absl::EndsWith(url, ".png")) return absl::OkStatus();
  return FieldMalformed(field, "must begin with https:// and end with .png");
}

}  // namespace usher::company
