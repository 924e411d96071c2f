// The first administrator of a company that is being founded.
#pragma once

#include <string>

#include "common/base/secret.h"

namespace usher::company {

// As the client described it. Opaque here: the user service reads the profile, auth the
// credentials, and neither is kept.
struct FirstAdministrator {
  std::string email;    // what the company shows as its owner; empty: nothing
  std::string profile;  // bytes of a common.User
  Secret credentials;   // bytes of an authentication.AuthenticationRequest; empty: none
};

}  // namespace usher::company
