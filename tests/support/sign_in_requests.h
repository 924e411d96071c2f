// Requests to sign in that are good without change, and the grants that they are read as.
#pragma once

#include <authentication/authenticationService.pb.h>
#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "services/auth/session/sign_in_wire.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {

inline ::authentication::AuthenticationRequest ByPassword() {
  ::authentication::AuthenticationRequest request;
  auto& given = *request.mutable_usernamepasswordcredentials();
  given.set_username("ann");
  given.set_password("secret");
  given.set_companyid("acme");
  return request;
}

inline ::authentication::AuthenticationRequest ByCode() {
  ::authentication::AuthenticationRequest request;
  auto& given = *request.mutable_authorizationcodecredentials();
  given.set_clientid("client");
  given.set_code("secret");
  given.set_companyid("acme");
  return request;
}

inline ::authentication::AuthenticationRequest ByGuestAccess() {
  ::authentication::AuthenticationRequest request;
  auto& given = *request.mutable_guestaccesscredentials();
  given.set_userid("01900000-0000-7000-8000-00000000ABCD");
  given.set_code("secret");
  given.set_companyid("acme");
  return request;
}

inline ::authentication::AuthenticationRequest ByRefreshToken() {
  ::authentication::AuthenticationRequest request;
  auto& given = *request.mutable_refreshtokencredentials();
  given.set_principal("ann");
  given.set_refreshtoken("secret");
  given.set_companyid("acme");
  given.set_accesstoken(std::string("\0\xff token", 8));
  return request;
}

template <class T>
T GrantOf(const ::authentication::AuthenticationRequest& request) {
  const auto grant = GrantFromWire(request);
  EXPECT_OK(grant);
  if (!grant.ok() || !std::holds_alternative<T>(*grant)) {
    ADD_FAILURE() << "another grant";
    return T();
  }
  return std::get<T>(*grant);
}

}  // namespace usher::auth
