// What tests of invitations and company switch stand on: somebody of "acme" who is invited to
// "beta".
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/support/sign_in_test_base.h"

namespace usher::auth {

inline constexpr char kInvitationCode[] = "invitation code";

class JoinedTestBase : public SignInTestBase {
 protected:
  static ACaller BetaAdministrator() { return Administrator().In("beta"); }
  // To make a method of `principal`.
  static InvitationCredentials Invitation(const std::string& token,
                                          const std::string& principal = "ann in beta",
                                          KeyType key_type = KeyType::kPassword) {
    InvitationCredentials body;
    body.token = token;
    body.code = Secret(kInvitationCode);
    body.key_type = key_type;
    body.principal = principal;
    return body;
  }
  // The user whom the administrator of "beta" invites.
  UserId Invited(const std::string& token, PermissionSet permissions = {}) {
    MethodWish wish = Wish(Invitation(token));
    wish.permissions.give = permissions;
    return Made(wish, BetaAdministrator());
  }
  static InvitationGrant InvitationGrantOf(const std::string& token,
                                           const std::string& code = kInvitationCode) {
    return {CompanyId("beta"), token, Secret(code)};
  }
  // Whose session it is, with the token that it was answered.
  Caller CallerOf(const SignedIn& session) {
    return Caller(std::make_shared<const CallContext>(ACall()),
                  std::make_shared<const token::AccessToken>(Read(session.access_token)), false);
  }
  static AcceptWish Accepting(const UserId& user, const std::string& token,
                              const std::string& current = "",
                              const std::string& principal = "ann in beta") {
    return {user, InvitationGrantOf(token),
            *Password(principal, kOtherPassword, current).credentials};
  }
  // Whoever goes on with a session of "acme" accepts, showing their password where it is given.
  absl::Status Join(const SignedIn& session, const std::string& token,
                    const std::string& current = kGoodPassword) {
    return invitations_.Accept(CallerOf(session), Accepting(session.user, token, current));
  }

  absl::StatusOr<SignedIn> TrySignIn(const std::string& company, const std::string& username,
                                     const std::string& password,
                                     PermissionSet wanted = kAnything) {
    return sign_in_.WithPassword(ACall(), {CompanyId(company), username, Secret(password), wanted});
  }
  // With the password that Accepting sets.
  SignedIn SignedInToBeta() { return Got(TrySignIn("beta", "ann in beta", kOtherPassword)); }

  static SwitchGrant SwitchOf(const SignedIn& session, const std::string& principal,
                              const std::string& company) {
    return {.company = CompanyId(company),
            .principal = principal,
            .refresh_token = session.refresh_token,
            .access_token = session.access_token,
            .wanted = kAnything};
  }
  absl::StatusOr<SignedIn> Switch(const SignedIn& session, const std::string& principal,
                                  const std::string& company) {
    return switch_.Switch(ACall(), SwitchOf(session, principal, company));
  }
  absl::StatusOr<SignedIn> ToBeta(const SignedIn& session) {
    return Switch(session, "ann", "beta");
  }
  absl::StatusOr<SignedIn> ToAcme(const SignedIn& session) {
    return Switch(session, "ann in beta", "acme");
  }
  std::vector<std::string> AccountsOf(const SignedIn& session) {
    const auto accounts = switch_.Accounts(ACall(), session.company, session.session, session.user);
    EXPECT_OK(accounts);
    std::vector<std::string> names;
    if (!accounts.ok()) return names;
    for (const CompanyId& company : *accounts) names.push_back(company.value());
    return names;
  }
};

}  // namespace usher::auth
