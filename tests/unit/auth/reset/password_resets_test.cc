#include "services/auth/reset/password_resets.h"

#include "tests/unit/auth/reset/password_resets_test_base.h"

namespace usher::auth {
namespace password_resets_test {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

using PasswordResetsTest = PasswordResetsTestBase;

TEST_F(PasswordResetsTest, AStrangerIsAnsweredNothingAndTheTokenGoesOutByMail) {
  const UserId anna = MadeUser("anna");
  const ResetAnswer answer = Requested("Anna");
  EXPECT_TRUE(answer.user.empty());
  EXPECT_TRUE(answer.token.empty());
  ASSERT_THAT(mails_.All(), SizeIs(1));
  EXPECT_EQ(mails_.All()[0].user, anna);
  EXPECT_EQ(mails_.All()[0].recipient, "");  // the stored address, whatever was typed
  EXPECT_EQ(Link()["page"], "https://meet.example.org/account");
  EXPECT_EQ(Link()["companyId"], "acme");
  EXPECT_OK(Use("anna", MailedToken()));
  EXPECT_TRUE(SignsIn("anna", kNewPassword));
  EXPECT_FALSE(SignsIn("anna", kGoodPassword));
}

TEST_F(PasswordResetsTest, L12OfNobodyTheAnswerAndTheWorkAreTheSame) {
  for (const char* company : {"acme", "nowhere", ""}) {
    const size_t before = mails_.All().size();
    const ResetAnswer answer = Requested("nobody", nullptr, company);
    EXPECT_TRUE(answer.user.empty());
    EXPECT_TRUE(answer.token.empty());
    ASSERT_EQ(mails_.All().size(), before + 1);
    EXPECT_EQ(mails_.All().back().kind, MailKind::kDecoy);
    EXPECT_EQ(mails_.All().back().company, NobodysCompany());
  }
  EXPECT_EQ(reset_store_.size(), 3U);
}

TEST_F(PasswordResetsTest, NobodiesDoNotFillTheTable) {
  for (int i = 0; i < 3000; ++i) Requested(absl::StrCat("nobody ", i));
  EXPECT_LE(reset_store_.size(), 1024U);
}

TEST_F(PasswordResetsTest, AnAdministratorOfTheCompanyIsToldUserAndTokenAndNoMailGoesOut) {
  const UserId anna = MadeUser("anna");
  const Caller administrator = ACaller().With(Permission::kUserAdmin);
  const ResetAnswer answer = Requested("anna", &administrator);
  EXPECT_EQ(answer.user, anna);
  EXPECT_EQ(MailsForSomebody(), 0U);
  EXPECT_OK(Use("anna", std::string(answer.token.Reveal()), kNewPassword, anna));
}

TEST_F(PasswordResetsTest, APlatformAdministratorIsToldInEveryCompany) {
  const UserId anna = MadeUser("anna");
  const Caller platform = Platform();
  EXPECT_EQ(Requested("anna", &platform).user, anna);
}

TEST_F(PasswordResetsTest, A5WhoDoesNotAdministerTheUserIsToldNothingAndTheUserIsMailed) {
  MadeUser("anna", PermissionSet{Permission::kGrantPermissions});
  const Caller member = ACaller();
  const Caller weaker = ACaller().With(Permission::kUserAdmin);
  const Caller foreign = ACaller().In("beta").With(kCompanyAdministrator);
  const Caller guest = ACaller().AsGuest().With(kCompanyAdministrator);
  const Caller fake_platform = ACaller().In("beta").With(kPlatformPermissions);
  for (const Caller* caller : {&member, &weaker, &foreign, &guest, &fake_platform}) {
    const ResetAnswer answer = Requested("anna", caller);
    EXPECT_TRUE(answer.user.empty());
    EXPECT_TRUE(answer.token.empty());
  }
  EXPECT_EQ(MailsForSomebody(), 3U);  // within an hour
}

TEST_F(PasswordResetsTest, L12AnAddressBelowNoBaseIsRefusedWhoeverIsMeant) {
  MadeUser("anna");
  for (const char* username : {"anna", "nobody"}) {
    EXPECT_THAT(resets_.Request(ACall(), nullptr,
                                {.company = CompanyId("acme"),
                                 .username = username,
                                 .page = "https://evil.example/account"}),
                HasReplyCode(::common::HOSTNAME_INVALID));
  }
  EXPECT_THAT(mails_.All(), SizeIs(0));
  EXPECT_OK(resets_.Request(ACall(), nullptr,
                            {.company = CompanyId("acme"),
                             .username = "anna",
                             .page = "https://meet.example.org/account/reset?lang=de"}));
  EXPECT_EQ(Link()["page"], "https://meet.example.org/account/reset?lang=de");
}

TEST_F(PasswordResetsTest, WithoutMailOrBaseStrangersStillGetAnOkAndAdministratorsAToken) {
  MadeUser("anna");
  const Caller administrator = ACaller().With(Permission::kUserAdmin);
  PasswordResetOptions no_base = Options();
  no_base.link_bases = LinkBases();
  PasswordResetOptions no_mail = Options();
  no_mail.mails_are_sent = false;
  for (const PasswordResetOptions& options : {no_base, no_mail}) {
    PasswordResets resets(reset_store_, store_, store_, vault_, TestPepper(), revocations_,
                          auth_clock_, throttle_, options);
    const ResetRequest request = {.company = CompanyId("acme"), .username = "anna"};
    EXPECT_OK(resets.Request(ACall(), nullptr, request));
    const auto told = resets.Request(ACall(), &administrator, request);
    ASSERT_OK(told);
    EXPECT_FALSE(told->token.empty());
  }
  EXPECT_EQ(MailsForSomebody(), 0U);
}

TEST_F(PasswordResetsTest, L11ATokenWorksOnceAndANewOneReplacesTheOld) {
  MadeUser("anna");
  const Caller administrator = ACaller().With(Permission::kUserAdmin);
  const std::string first(Requested("anna", &administrator).token.Reveal());
  const std::string second(Requested("anna", &administrator).token.Reveal());
  EXPECT_THAT(Use("anna", first), HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_OK(Use("anna", second));
  EXPECT_THAT(Use("anna", second, kOtherPassword), HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_TRUE(SignsIn("anna", kNewPassword));
}

TEST_F(PasswordResetsTest, L11ATokenLivesAnHour) {
  MadeUser("anna");
  Requested("anna");
  clock_.Advance(absl::Hours(1));
  EXPECT_THAT(Use("anna", MailedToken()), HasReplyCode(::common::AUTHENTICATION_ERROR));
}

TEST_F(PasswordResetsTest, L11WhateverDoesNotFitTogetherIsOneAndTheSame) {
  const UserId anna = MadeUser("anna");
  MadeUser("ben");
  Requested("anna");
  const std::string token = MailedToken();
  const absl::Status refused = Use("nobody", token);
  EXPECT_THAT(refused, HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_EQ(Use("ben", token), refused);
  EXPECT_EQ(Use("anna", token + "x"), refused);
  EXPECT_EQ(Use("anna", "guess"), refused);
  EXPECT_EQ(Use("anna", token, kNewPassword, UserId(NewUuid())), refused);
  EXPECT_EQ(Use("anna", token, kNewPassword, anna, "beta"), refused);
  EXPECT_EQ(Use("anna", token, kNewPassword, anna, ""), refused);
  EXPECT_OK(Use("anna", token, kNewPassword, anna));
}

TEST_F(PasswordResetsTest, L11AWeakPasswordIsRefusedAndTheTokenStaysGood) {
  MadeUser("anna");
  Requested("anna");
  const std::string token = MailedToken();
  EXPECT_THAT(Use("anna", token, "password"), HasReplyCode(::common::ACTION_INVALID));
  EXPECT_THAT(Use("anna", token, "short"), HasReplyCode(::common::PROTOCOL_ERROR));
  EXPECT_OK(Use("anna", token));
}

TEST_F(PasswordResetsTest, L11AUsedTokenEndsAllSessionsOfTheUser) {
  const UserId anna = MadeUser("anna");
  const SessionId session = Session(anna, KeyType::kPassword, "anna");
  clock_.Advance(absl::Seconds(2));
  Requested("anna");
  EXPECT_OK(Check(anna, session));
  EXPECT_OK(Use("anna", MailedToken()));
  EXPECT_THAT(Check(anna, session), HasReplyCode(::common::AUTHENTICATION_ERROR));
}

TEST_F(PasswordResetsTest, L4AnAccountThatIsOffIsMailedNothingAndNotRevived) {
  const UserId anna = MadeUser("anna");
  Requested("anna");
  const std::string token = MailedToken();
  MadeUser("root", kCompanyAdministrator);
  ASSERT_OK(Update(Administrator(), anna, StatusOnly(AccountStatus::kDeactivated)));
  EXPECT_THAT(Use("anna", token), HasReplyCode(::common::ACCOUNT_STATUS_ERROR));
  EXPECT_TRUE(SignsIn("anna", kGoodPassword));
  Requested("anna");
  EXPECT_EQ(MailsForSomebody(), 1U);  // the first
  const Caller administrator = Administrator();
  EXPECT_TRUE(Requested("anna", &administrator).token.empty());
}

TEST_F(PasswordResetsTest, ASuccessfulResetLiftsLocked) {
  const UserId anna = MadeUser("anna");
  ASSERT_OK(Update(Platform(), anna, InAcme(StatusOnlyOf("anna", AccountStatus::kLocked))));
  ASSERT_EQ(Find(KeyType::kPassword, "anna")->method.status, AccountStatus::kLocked);
  Requested("anna");
  EXPECT_OK(Use("anna", MailedToken()));
  EXPECT_EQ(Find(KeyType::kPassword, "anna")->method.status, AccountStatus::kActivated);
}

TEST_F(PasswordResetsTest, AResetIsOfNoUseOnceThePasswordWasChangedOtherwise) {
  const UserId anna = MadeUser("anna");
  Requested("anna");
  ASSERT_OK(Update(Administrator(), anna, Password("anna", kOtherPassword)));
  EXPECT_THAT(Use("anna", MailedToken()), HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_TRUE(SignsIn("anna", kOtherPassword));
}

TEST_F(PasswordResetsTest, L9AMethodIsSetAndNothingElseOfTheUser) {
  const UserId anna = MadeUser("anna", PermissionSet{Permission::kUserShow});
  Requested("anna");
  EXPECT_OK(Use("anna", MailedToken()));
  const auto method = Find(KeyType::kPassword, "anna");
  EXPECT_EQ(method->method.user, anna);
  EXPECT_EQ(method->method.permissions, PermissionSet{Permission::kUserShow});
}

// An administrator, and whoever reads the mail, can reset a password: what the user linked with the
// old one in other companies is not theirs.
TEST_F(PasswordResetsTest, A1AResetHandsTheMethodToSomebodyWhomOtherCompaniesDoNotKnow) {
  MadeUser("anna");
  clock_.Advance(absl::Minutes(1));
  Requested("anna");
  EXPECT_OK(Use("anna", MailedToken()));
  const auto method = Find(KeyType::kPassword, "anna");
  EXPECT_EQ(method->method.handed_since, clock_.Now());
  EXPECT_EQ(method->method.secret_since, clock_.Now());
}

TEST_F(PasswordResetsTest, TheTokenItselfIsNowhereInTheStore) {
  MadeUser("anna");
  Requested("anna");
  const std::string token = MailedToken();
  for (const MailDraft& mail : mails_.All()) EXPECT_THAT(mail.sealed_link, Not(HasSubstr(token)));
  const auto kept = reset_store_.Find(ACall(), CompanyId("acme"), "anna");
  ASSERT_OK(kept);
  EXPECT_THAT((*kept)->token_hash, SizeIs(32));
  EXPECT_THAT((*kept)->token_hash, Not(HasSubstr(token)));
}

}  // namespace password_resets_test
}  // namespace usher::auth
