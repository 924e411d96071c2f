// The flags that only the company service has.
#pragma once

#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace usher::company {

struct CompanyOptions {
  std::set<std::string> reserved;  // IDs that no company may have
  absl::Duration name_rest;        // of a destroyed company's ID
  int available_a_minute = 0;      // questions of one source whether names are free; 0: any number
  std::string bootstrap_company_id;  // empty: the operator's
  std::string bootstrap_display_name;
  std::string bootstrap_owner;     // an e-mail address
  std::string bootstrap_owner_id;  // a user ID
};

// kInvalidArgument names the flag.
absl::StatusOr<CompanyOptions> ReadCompanyOptions();

}  // namespace usher::company
