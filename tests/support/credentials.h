// What somebody signs in with, or gets as a way to sign in.
#pragma once

#include <authentication/authenticationService.pb.h>

#include <string>

namespace usher {

// `company` may be empty where another message says which it is.
inline ::authentication::AuthenticationRequest WithPassword(const std::string& company,
                                                            const std::string& username,
                                                            const std::string& password) {
  ::authentication::AuthenticationRequest request;
  auto& credentials = *request.mutable_usernamepasswordcredentials();
  credentials.set_companyid(company);
  credentials.set_username(username);
  credentials.set_password(password);
  return request;
}

inline ::authentication::AuthenticationRequest WithCode(const std::string& company,
                                                        const std::string& client_id,
                                                        const std::string& code) {
  ::authentication::AuthenticationRequest request;
  auto& credentials = *request.mutable_authorizationcodecredentials();
  credentials.set_companyid(company);
  credentials.set_clientid(client_id);
  credentials.set_code(code);
  return request;
}

}  // namespace usher
