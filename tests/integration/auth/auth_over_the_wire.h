// What the tests of AuthenticationService over the wire have in common.
#pragma once

#include <string>

#include "tests/support/credentials.h"
#include "tests/support/over_the_wire.h"

namespace usher {

class AuthOverTheWire : public OverTheWire {
 protected:
  using Request = ::authentication::AuthenticationRequest;
  using Reply = ::authentication::AuthenticationReply;

  static Request PasswordOf(const Account& account) {
    return WithPassword(account.company, account.username, account.password);
  }
  static Request Refreshing(const Account& account, const std::string& access_token,
                            const std::string& refresh_token) {
    Request request;
    auto& credentials = *request.mutable_refreshtokencredentials();
    credentials.set_companyid(account.company);
    credentials.set_principal(account.username);
    credentials.set_accesstoken(access_token);
    credentials.set_refreshtoken(refresh_token);
    return request;
  }
  Reply Authenticate(const Request& request) { return Ask(&AuthStub::authenticate, request); }
  Reply Refresh(const Account& account, const std::string& access_token,
                const std::string& refresh_token) {
    return Authenticate(Refreshing(account, access_token, refresh_token));
  }
  Reply Refresh(const Account& account, const SignedIn& session) {
    return Refresh(account, session.access_token, session.refresh_token);
  }

  ::authentication::AuthenticationCreateReply Create(
      const std::string& token, const Request& method,
      const std::map<std::string, std::string>& headers = {}) {
    ::authentication::AuthenticationCreateRequest request;
    *request.mutable_authenticationrequest() = method;
    return Ask(&AuthStub::authenticationCreate, As(token, request), headers);
  }
  ::common::ReplyInfo Update(const std::string& token, const std::string& user,
                             const Request& method, bool remove_all = false) {
    ::authentication::AuthenticationUpdateRequest request;
    request.set_userid(user);
    request.set_removeall(remove_all);
    *request.mutable_authenticationrequest() = method;
    return Ask(&AuthStub::authenticationUpdate, As(token, request));
  }
  // By the administrator of the account's company; of the user as a whole.
  void SetUserStatus(const Account& account, ::authentication::AccountStatus status) {
    Request change;
    change.set_accountstatus(status);
    EXPECT_THAT(Update(AdminOf(account.company), account.user, change), Answers(::common::OK));
  }
  // The account's password method, named and nothing else.
  static Request Naming(const Account& account) {
    Request request;
    request.mutable_usernamepasswordcredentials()->set_username(account.username);
    return request;
  }
  ::authentication::AuthenticationInformationReply Information(const std::string& token,
                                                               const std::string& user) {
    ::authentication::AuthenticationInformationRequest request;
    request.set_userid(user);
    return Ask(&AuthStub::authenticationInformation, As(token, request));
  }
  ::authentication::ListAuthenticationsReply List(
      const std::string& token, const ::authentication::ListAuthenticationsRequest& request) {
    return Ask(&AuthStub::listAuthentications, As(token, request));
  }
};

// A failure as docs/contract.md has it: with a code, and with nothing to take away.
MATCHER_P(IsRefusedWith, code, "is refused with " + ::common::ReplyStatusCode_Name(code)) {
  *result_listener << "which is " << arg.ShortDebugString();
  return arg.replyinfo().statuscode() == code && !arg.replyinfo().statusmessage().empty() &&
         arg.accesstoken().empty() && arg.refreshtoken().empty() && arg.userid().empty() &&
         arg.permissions().empty() && arg.expiresat() == 0;
}

}  // namespace usher
