// What the tests of invitations and of going on in another company have in common: somebody of
// "acme" who is invited to "globex".
#pragma once

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/integration/auth/auth_over_the_wire.h"

namespace usher {

class CompanySwitchOverTheWire : public AuthOverTheWire {
 protected:
  static constexpr char kPassword[] = "fD3-kwq!81zp";

  // An invitation as it was answered; its user is the one whom it made.
  struct Invitation {
    std::string user;
    std::string token;
    std::string code;
    std::string principal;
  };
  Invitation Invite(PermissionSet permissions = {}) {
    Request method;
    auto& given = *method.mutable_activationtokencredentials();
    given.set_keytype("password");
    given.set_principal(absl::StrCat("invited-", NewUuid()));
    *method.mutable_permissions() = Wire(permissions);
    const auto reply = Create(AdminOf("globex"), method);
    EXPECT_THAT(reply, Answers(::common::OK));
    return {reply.userid(), reply.activationtoken(), reply.code(), given.principal()};
  }
  static void Show(const Invitation& invitation, Request* request) {
    auto& given = *request->mutable_activationtokencredentials();
    given.set_companyid("globex");
    given.set_activationtoken(invitation.token);
    given.set_code(invitation.code);
  }
  static Request Accepting(const Invitation& invitation, const std::string& current = "") {
    Request request;
    Show(invitation, &request);
    auto& given = *request.mutable_usernamepasswordcredentials();
    given.set_username(invitation.principal);
    given.set_password(kPassword);
    given.set_current(current);
    return request;
  }
  // What the invited signs in with afterwards.
  static Account There(const Invitation& invitation, const std::string& user) {
    return {"globex", user, invitation.principal, kPassword};
  }
  Reply SignInInvited(const Invitation& invitation) {
    Request request;
    Show(invitation, &request);
    return Authenticate(request);
  }
  Reply Switch(const std::string& access_token, const std::string& refresh_token,
               const std::string& principal, const std::string& company) {
    Request request;
    auto& given = *request.mutable_companyswitchcredentials();
    given.set_accesstoken(access_token);
    given.set_refreshtoken(refresh_token);
    given.set_principal(principal);
    given.set_companyid(company);
    return Authenticate(request);
  }
  Reply Switch(const SignedIn& session, const std::string& principal, const std::string& company) {
    return Switch(session.access_token, session.refresh_token, principal, company);
  }
  // ann_ joins "globex".
  Invitation Joined(const std::string& current) {
    const Invitation invitation = Invite({Permission::kRoomCreate});
    EXPECT_THAT(Update(SignIn(ann_).access_token, ann_.user, Accepting(invitation, current)),
                Answers(::common::OK));
    return invitation;
  }
  static std::vector<std::string> AccountsOf(const Reply& reply) {
    std::vector<std::string> companies;
    for (const auto& account : reply.accessibleaccounts()) companies.push_back(account.companyid());
    return companies;
  }
  std::vector<std::string> EligibleOf(const std::string& token) {
    ::authentication::ListAuthenticationsRequest request;
    request.set_onlyeligibleforcompanyswitch(true);
    std::vector<std::string> companies;
    const auto reply = List(token, request);
    for (const auto& [user, list] : reply.results()) {
      for (const auto& method : list.list()) companies.push_back(method.companyid());
    }
    return companies;
  }

  const Account ann_ = NewAccount({Permission::kUserList});
};

}  // namespace usher
