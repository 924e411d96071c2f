#include "services/company/company_options.h"

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/strings/str_split.h"
#include "common/server/bootstrap_options.h"
#include "common/text/text_rules.h"

ABSL_FLAG(
    std::string, reserved_companies,
    "admin,api,app,auth,company,help,login,mail,room,status,support,system,user,usher,www",
    "Company IDs that nobody can have, separated by commas; or display names that come to them.");
ABSL_FLAG(absl::Duration, destroyed_name_rest, absl::Minutes(10),
          "How long the ID of a destroyed company is not free, and tokens of it are dead.");
ABSL_FLAG(
    int, available_a_minute, 100,
    "How often one address (of IPv6: one /64) may ask in a minute whether a company's name is "
    "free. 0: any number.");
ABSL_FLAG(std::string, bootstrap_display_name, "Operator",
          "With --bootstrap: display name of the company to make.");
ABSL_FLAG(std::string, bootstrap_owner, "",
          "With --bootstrap: e-mail address of its owner, for showing. Empty: none.");
ABSL_FLAG(
    std::string, bootstrap_owner_id, "",
    "With --bootstrap: user ID of its owner, as usher-auth --bootstrap printed it. Is also noted "
    "of a company that is there already and has no owner. Empty: none.");

namespace usher::company {

absl::StatusOr<CompanyOptions> ReadCompanyOptions() {
  CompanyOptions options;
  const std::string reserved = absl::GetFlag(FLAGS_reserved_companies);
  for (const absl::string_view name : absl::StrSplit(reserved, ',', absl::SkipEmpty())) {
    options.reserved.insert(text::Slug(name));
  }
  options.name_rest = absl::GetFlag(FLAGS_destroyed_name_rest);
  if (options.name_rest < absl::Seconds(1) || options.name_rest > absl::Hours(24)) {
    return absl::InvalidArgumentError("--destroyed_name_rest is a duration from 1s to 24h");
  }
  options.available_a_minute = absl::GetFlag(FLAGS_available_a_minute);
  if (options.available_a_minute < 0) {
    return absl::InvalidArgumentError("--available_a_minute is 0 or more");
  }
  options.bootstrap_company_id = server::BootstrapCompanyId();
  options.bootstrap_display_name = absl::GetFlag(FLAGS_bootstrap_display_name);
  options.bootstrap_owner = absl::GetFlag(FLAGS_bootstrap_owner);
  options.bootstrap_owner_id = absl::GetFlag(FLAGS_bootstrap_owner_id);
  return options;
}

}  // namespace usher::company
