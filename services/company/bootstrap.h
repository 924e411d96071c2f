// Makes the first company of a new installation.
#pragma once

#include "absl/status/status.h"
#include "common/server/options.h"

namespace usher::company {

// Makes the operator's company (or the one of --bootstrap_company_id) unless it is there.
absl::Status Bootstrap(const server::Options& options);

}  // namespace usher::company
