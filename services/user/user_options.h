// The flags that only the user service has.
#pragma once

#include <string>

namespace usher::user {

// What --bootstrap makes.
struct UserOptions {
  std::string bootstrap_company_id;  // empty: the operator's
  std::string bootstrap_user_id;
  std::string bootstrap_firstname;
  std::string bootstrap_email;
};

UserOptions ReadUserOptions();

}  // namespace usher::user
