// Signing up by an invitation: over the wire, as an attacker would.
#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/integration/auth/company_switch_over_the_wire.h"

namespace usher {
namespace invitations_over_the_wire_test {

using ::testing::IsEmpty;

// L9: a minute, without permissions.
TEST_F(CompanySwitchOverTheWire, AnInvitationGivesAMinuteToLookAround) {
  const Invitation invitation = Invite();
  EXPECT_EQ(invitation.code.size(), 43u);
  const Reply reply = SignInInvited(invitation);
  ASSERT_THAT(reply, Answers(::common::OK));
  EXPECT_EQ(reply.userid(), invitation.user);
  EXPECT_EQ(reply.companyid(), "globex");
  EXPECT_EQ(reply.refreshtoken(), "");
  EXPECT_THAT(reply.permissions(), IsEmpty());
  EXPECT_LE(reply.expiresat(), absl::ToUnixSeconds(absl::Now()) + 61);
  const std::string token = reply.accesstoken();
  EXPECT_THAT(IsAuthenticated(token), Answers(::common::OK));
  EXPECT_THAT(Ask(&UserStub::userList, As<::user::UserListRequest>(token)), Answers(::common::OK));
  EXPECT_THAT(Ask(&CompanyStub::companyList, As<::companyService::CompanyListRequest>(token)),
              Answers(::common::OK));
  EXPECT_THAT(List(token, {}), Answers(::common::AUTHENTICATION_ERROR));
  Request own;
  own.mutable_usernamepasswordcredentials()->set_username(invitation.principal);
  own.mutable_usernamepasswordcredentials()->set_password(kPassword);
  EXPECT_THAT(Update(token, invitation.user, own), Answers(::common::AUTHENTICATION_ERROR))
      << "nothing without the invitation beside it";
}

// L9: once.
TEST_F(CompanySwitchOverTheWire, TheInvitedFinishSigningUp) {
  const Invitation invitation = Invite({Permission::kUserList});
  const std::string token = SignInInvited(invitation).accesstoken();
  EXPECT_THAT(Update(token, invitation.user, Accepting(invitation)), Answers(::common::OK));
  const SignedIn session = SignIn(There(invitation, invitation.user));
  EXPECT_EQ(Claims(session.access_token).user.value(), invitation.user);
  EXPECT_EQ(Claims(session.access_token).permissions, PermissionSet{Permission::kUserList});
  EXPECT_THAT(Update(token, invitation.user, Accepting(invitation)),
              Answers(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(SignInInvited(invitation), IsRefusedWith(::common::AUTHENTICATION_ERROR));
}

TEST_F(CompanySwitchOverTheWire, TheAuditHasTheInvitationAndItsUse) {
  const Invitation invitation = Invite();
  const std::string token = SignInInvited(invitation).accesstoken();
  ASSERT_THAT(Update(token, invitation.user, Accepting(invitation)), Answers(::common::OK));
  EXPECT_EQ(house_.database("auth").Ask(
                "SELECT string_agg(detail, '; ' ORDER BY sequence) FROM audit WHERE company_id = "
                "'globex' AND audit_kind(object, detail) = 9 AND object LIKE '% " +
                invitation.user + "'"),
            "created; created by an invitation");
}

// L9, P4: single use.
TEST_F(CompanySwitchOverTheWire, OfFiftyWhoAcceptAtOnceOneDoes) {
  const Invitation invitation = Invite();
  const std::string token = SignInInvited(invitation).accesstoken();
  std::vector<::common::ReplyStatusCode> codes(50);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < codes.size(); ++i) {
    threads.emplace_back(
        [&, i] { codes[i] = Update(token, invitation.user, Accepting(invitation)).statuscode(); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::count(codes.begin(), codes.end(), ::common::OK), 1);
  EXPECT_EQ(std::count(codes.begin(), codes.end(), ::common::AUTHENTICATION_ERROR), 49);
}

TEST_F(CompanySwitchOverTheWire, ASwitchedOffInvitationOpensNothing) {
  const Invitation invitation = Invite();
  Request off;
  off.mutable_activationtokencredentials()->set_activationtoken(invitation.token);
  off.set_accountstatus(::authentication::DEACTIVATED);
  ASSERT_THAT(Update(AdminOf("globex"), invitation.user, off), Answers(::common::OK));
  EXPECT_THAT(SignInInvited(invitation), IsRefusedWith(::common::ACCOUNT_STATUS_ERROR));
  Invitation wrong = invitation;
  wrong.code = "wrong";
  EXPECT_THAT(SignInInvited(wrong), IsRefusedWith(::common::AUTHENTICATION_ERROR));
}

}  // namespace invitations_over_the_wire_test
}  // namespace usher
