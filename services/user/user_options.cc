#include "services/user/user_options.h"

#include "absl/flags/flag.h"
#include "common/server/bootstrap_options.h"

ABSL_FLAG(
    std::string, bootstrap_user_id, "",
    "With --bootstrap: who gets the profile, the userId that usher-auth --bootstrap printed.");
ABSL_FLAG(std::string, bootstrap_firstname, "Administrator",
          "With --bootstrap: first name in the profile.");
ABSL_FLAG(std::string, bootstrap_email, "", "With --bootstrap: e-mail address. Empty: none.");

namespace usher::user {

UserOptions ReadUserOptions() {
  UserOptions options;
  options.bootstrap_company_id = server::BootstrapCompanyId();
  options.bootstrap_user_id = absl::GetFlag(FLAGS_bootstrap_user_id);
  options.bootstrap_firstname = absl::GetFlag(FLAGS_bootstrap_firstname);
  options.bootstrap_email = absl::GetFlag(FLAGS_bootstrap_email);
  return options;
}

}  // namespace usher::user
