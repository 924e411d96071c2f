#include "services/auth/mail/invitation_post.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace invitation_post_test {

class InvitationPostTest : public ::testing::Test {
 protected:
  static Pepper TestPepper() { return Pepper({Secret(std::string(32, 'p'))}); }
  static LinkBases Bases() { return *LinkBases::Parse({"https://meet.example.org/join"}); }
  static InvitationMail AnInvitation() {
    InvitationMail invitation;
    invitation.company = CompanyId("acme");
    invitation.email = "anna@example.com";
    invitation.token = Secret("t0ken");
    invitation.code = Secret("c&de");
    invitation.good_for = absl::Hours(24);
    return invitation;
  }
};

TEST_F(InvitationPostTest, TheLinkTellsCompanyTokenAndCodeAndIsSealed) {
  const auto draft = InvitationPost(TestPepper(), Bases(), true).Write(AnInvitation());
  ASSERT_OK(draft);
  ASSERT_TRUE(draft->has_value());
  EXPECT_EQ((*draft)->kind, MailKind::kInvitation);
  EXPECT_EQ((*draft)->recipient, "anna@example.com");
  const auto link =
      MailSeal(TestPepper()).Open((*draft)->sealed_link, CompanyId("acme"), (*draft)->id);
  ASSERT_OK(link);
  EXPECT_EQ(link->Reveal(),
            "https://meet.example.org/join#companyId=acme&activationToken=t0ken&code=c%26de");
}

TEST_F(InvitationPostTest, L12ALinkLeadsBelowABaseOrNowhere) {
  InvitationMail invitation = AnInvitation();
  invitation.page = "https://meet.example.org/join/now";
  EXPECT_OK(InvitationPost(TestPepper(), Bases(), true).Write(invitation));
  invitation.page = "https://evil.example/join";
  EXPECT_THAT(InvitationPost(TestPepper(), Bases(), true).Write(invitation),
              HasReplyCode(::common::HOSTNAME_INVALID));
}

TEST_F(InvitationPostTest, WithoutBaseOrServerThereIsNoMail) {
  for (const InvitationPost& post : {InvitationPost(TestPepper(), LinkBases(), true),
                                     InvitationPost(TestPepper(), Bases(), false)}) {
    const auto draft = post.Write(AnInvitation());
    ASSERT_OK(draft);
    EXPECT_FALSE(draft->has_value());
  }
}

}  // namespace invitation_post_test
}  // namespace usher::auth
