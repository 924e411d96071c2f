#pragma once

#include <string>

namespace usher::server {

// ID of the company that --bootstrap is about, as it was given by --bootstrap_company_id; empty:
// the operator's. The flag is there in programs that call this, and in no others.
std::string BootstrapCompanyId();

}  // namespace usher::server
