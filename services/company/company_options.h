// The flags that only the company service has.
#pragma once

#include <set>
#include <string>

namespace usher::company {

struct CompanyOptions {
  std::set<std::string> reserved;    // IDs that no company may have
  std::string bootstrap_company_id;  // empty: the operator's
  std::string bootstrap_display_name;
  std::string bootstrap_owner;     // an e-mail address
  std::string bootstrap_owner_id;  // a user ID
};

CompanyOptions ReadCompanyOptions();

}  // namespace usher::company
