#include "services/auth/mail/mail_sender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/support/contracts/mail_store_contract.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_mail_store.h"
#include "tests/support/fake_mail_world.h"

namespace usher::auth {
namespace mail_sender_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class MailSenderTest : public ::testing::Test {
 protected:
  MailSenderTest() {
    recipients_.titles[CompanyId("acme")] = "Acme GmbH";
    options_.from = "usher@example.org";
    options_.first_pause = absl::Seconds(30);
  }

  static Pepper TestPepper() { return Pepper({Secret(std::string(32, 'p'))}); }
  // For somebody with that address.
  MailDraft Queued(const std::string& email, const std::string& language = "") {
    MailDraft draft = ADraft();
    draft.recipient.clear();
    draft.language.clear();
    draft.sealed_link =
        MailSeal(TestPepper())
            .Seal(Secret("https://example.org/#token=t0ken"), draft.company, draft.id);
    recipients_.people[{draft.company, draft.user}] = {email, "Anna", language};
    store_.Queue(draft);
    return draft;
  }
  MailSender& Sender() {
    if (sender_ == nullptr) {
      sender_ = std::make_unique<MailSender>(
          store_, recipients_, mail_is_off_ ? nullptr : &server_, MailSeal(TestPepper()), clock_,
          options_,
          std::map<MailKind, StillWanted>{{MailKind::kPasswordReset,
                                           [this](const CallContext&, const MailDraft&)
                                               -> absl::StatusOr<bool> { return wanted_; }}},
          nullptr);
    }
    return *sender_;
  }
  std::vector<ListedMail> Listed() { return *store_.List(ACall(), 100); }

  FakeClock clock_;
  FakeMailStore store_{clock_};
  FakeRecipients recipients_;
  FakeMailServer server_;
  MailSenderOptions options_;
  bool mail_is_off_ = false;
  bool wanted_ = true;
  std::unique_ptr<MailSender> sender_;
};

TEST_F(MailSenderTest, AMailGoesToTheOneAddressThatTheUserServiceHas) {
  Queued("anna@example.com", "de-DE");
  ASSERT_OK(Sender().SendDue());
  ASSERT_EQ(server_.tried.size(), 1U);
  EXPECT_EQ(server_.tried[0].to, "anna@example.com");
  EXPECT_EQ(server_.tried[0].from, "usher@example.org");
  const std::string text = absl::StrReplaceAll(server_.tried[0].message, {{"=\r\n", ""}});
  EXPECT_THAT(server_.tried[0].message,
              HasSubstr("Subject: =?UTF-8?B?TmV1ZXMgUGFzc3dvcnQgZsO8ciBBY21lIEdtYkg=?=\r\n"));
  EXPECT_THAT(text, HasSubstr("https://example.org/#token=3Dt0ken\r\n"));
  EXPECT_THAT(text, HasSubstr("From: Acme GmbH\r\n <usher@example.org>"));
  EXPECT_THAT(Listed(), IsEmpty());
  EXPECT_THAT(store_.Outcomes(), ElementsAre("sent"));
}

TEST_F(MailSenderTest, AGreylistedMailIsTriedAgainWithTheSameMessageIdAndSentOnce) {
  const MailDraft draft = Queued("anna@example.com");
  server_.answers = {{Delivery::kLater, "451 come again"}};
  ASSERT_OK(Sender().SendDue());
  EXPECT_EQ(Listed()[0].last_error, "451 come again");
  ASSERT_OK(Sender().SendDue());  // not yet
  EXPECT_EQ(server_.tried.size(), 1U);
  clock_.Advance(absl::Seconds(31));
  ASSERT_OK(Sender().SendDue());
  clock_.Advance(absl::Hours(1));
  ASSERT_OK(Sender().SendDue());
  ASSERT_EQ(server_.tried.size(), 2U);
  for (const Parcel& parcel : server_.tried) {
    EXPECT_THAT(parcel.message,
                HasSubstr(absl::StrCat("Message-ID: <", draft.id.value(), "@example.org>")));
  }
}

TEST_F(MailSenderTest, ARefusedMailIsDeadAtOnceAndTheNextOneIsSent) {
  Queued("nobody@example.com");
  clock_.Advance(absl::Seconds(1));
  Queued("anna@example.com");
  server_.answers = {{Delivery::kRefused, "550 no such user"}};
  ASSERT_OK(Sender().SendDue());
  EXPECT_EQ(server_.tried.size(), 2U);
  ASSERT_EQ(Listed().size(), 1U);
  EXPECT_TRUE(Listed()[0].dead);
  EXPECT_EQ(Listed()[0].last_error, "550 no such user");
}

TEST_F(MailSenderTest, AServerThatIsAwayIsTriedWithOneMailARoundAndNothingIsLost) {
  Queued("anna@example.com");
  clock_.Advance(absl::Seconds(1));
  Queued("ben@example.com");
  server_.answers = {{Delivery::kNoServer, "timeout"}, {Delivery::kNoServer, "timeout"}};
  EXPECT_THAT(Sender().SendDue(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(server_.tried.size(), 1U);
  EXPECT_THAT(Sender().SendDue(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(server_.tried.size(), 2U);
  clock_.Advance(absl::Minutes(2));
  ASSERT_OK(Sender().SendDue());
  EXPECT_EQ(server_.tried.size(), 4U);
  EXPECT_THAT(Listed(), IsEmpty());
}

TEST_F(MailSenderTest, WhatCouldNotBeSentForLongIsDeadAndCanBeSentAgain) {
  const MailDraft draft = Queued("anna@example.com");
  clock_.Advance(options_.dead_after + absl::Seconds(1));
  server_.answers = {{Delivery::kNoServer, "timeout"}};
  EXPECT_THAT(Sender().SendDue(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_TRUE(Listed()[0].dead);
  EXPECT_THAT(store_.SendAgain(ACall(), draft.id), IsOkAndHolds(true));
  ASSERT_OK(Sender().SendDue());
  EXPECT_THAT(Listed(), IsEmpty());
}

TEST_F(MailSenderTest, WhatIsNoLongerWantedIsNotSent) {
  Queued("anna@example.com");
  wanted_ = false;
  ASSERT_OK(Sender().SendDue());
  EXPECT_THAT(server_.tried, IsEmpty());
  EXPECT_THAT(store_.Outcomes(), ElementsAre("no longer wanted"));
}

TEST_F(MailSenderTest, WhoHasNoAddressAndWhoseCompanyIsGoneIsSentNothing) {
  Queued("");
  ASSERT_OK(Sender().SendDue());
  recipients_.titles.clear();
  Queued("anna@example.com");
  ASSERT_OK(Sender().SendDue());
  EXPECT_THAT(server_.tried, IsEmpty());
  EXPECT_THAT(store_.Outcomes(), ElementsAre("not sent: the user has no e-mail address",
                                             "not sent: the company is gone"));
}

TEST_F(MailSenderTest, L13AnAddressThatIsNoneIsDeadAndReachesNoServer) {
  Queued("anna@example.com\r\nBcc: eve@evil.example");
  ASSERT_OK(Sender().SendDue());
  EXPECT_THAT(server_.tried, IsEmpty());
  ASSERT_EQ(Listed().size(), 1U);
  EXPECT_TRUE(Listed()[0].dead);
  EXPECT_THAT(Listed()[0].last_error, Not(HasSubstr("anna")));
}

TEST_F(MailSenderTest, WhileNobodySaysWhereItIsToGoItWaits) {
  Queued("anna@example.com");
  recipients_.failure = absl::UnavailableError("the user service");
  EXPECT_THAT(Sender().SendDue(), StatusIs(absl::StatusCode::kUnavailable));
  recipients_.failure = absl::OkStatus();
  clock_.Advance(absl::Minutes(1));
  ASSERT_OK(Sender().SendDue());
  EXPECT_EQ(server_.tried.size(), 1U);
}

TEST_F(MailSenderTest, WithoutAServerNothingIsTriedAndDecoysAreStillThrownAway) {
  mail_is_off_ = true;
  Queued("anna@example.com");
  store_.Queue(ADraft(MailKind::kDecoy));
  ASSERT_OK(Sender().SendDue());
  EXPECT_EQ(store_.All().size(), 1U);
  EXPECT_EQ(Listed()[0].attempts, 0);
}

TEST_F(MailSenderTest, AnInvitationGoesToTheAddressInIt) {
  MailDraft draft = ADraft(MailKind::kInvitation);
  draft.user = UserId();
  draft.language = "en";
  draft.sealed_link =
      MailSeal(TestPepper()).Seal(Secret("https://example.org/join"), draft.company, draft.id);
  store_.Queue(draft);
  ASSERT_OK(Sender().SendDue());
  ASSERT_EQ(server_.tried.size(), 1U);
  EXPECT_EQ(server_.tried[0].to, "anna@example.org");
  EXPECT_THAT(server_.tried[0].message, HasSubstr("Subject: Your invitation to Acme GmbH\r\n"));
}

TEST(PauseAfterAttemptsTest, PausesDoubleUpToHalfAnHour) {
  MailSenderOptions options;
  options.first_pause = absl::Seconds(30);
  EXPECT_EQ(PauseAfterAttempts(options, 1), absl::Seconds(30));
  EXPECT_EQ(PauseAfterAttempts(options, 2), absl::Seconds(60));
  EXPECT_EQ(PauseAfterAttempts(options, 5), absl::Minutes(8));
  EXPECT_EQ(PauseAfterAttempts(options, 1000000), absl::Minutes(30));
}

}  // namespace mail_sender_test
}  // namespace usher::auth
