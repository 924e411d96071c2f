#include "common/server/bootstrap_options.h"

#include "absl/flags/flag.h"

ABSL_FLAG(std::string, bootstrap_company_id, "",
          "With --bootstrap: ID of the company that it is about. Empty: the operator's.");

namespace usher::server {

std::string BootstrapCompanyId() { return absl::GetFlag(FLAGS_bootstrap_company_id); }

}  // namespace usher::server
