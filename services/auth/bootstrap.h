// Makes the first company of a new installation, and the keys that auth needs.
#pragma once

#include "absl/status/status.h"
#include "common/server/options.h"

namespace usher::auth {

// Makes signing key and pepper where they are missing, then the operator's company (or the one of
// --bootstrap_company_id) with an administrator and an API key, and prints their credentials on
// standard output, once, as one line of JSON. kAlreadyExists when the company is there.
absl::Status Bootstrap(const server::Options& options);

}  // namespace usher::auth
