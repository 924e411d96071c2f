// The accounts of people who are in a company's directory, with a real slapd (docs/auth.md,
// "Directories").
#include <string>

#include "tests/integration/auth/directory_over_the_wire.h"

namespace usher {
namespace directory_accounts_over_the_wire_test {

TEST_F(DirectoryOverTheWire, WhoComesForTheFirstTimeBecomesAUserWithAProfile) {
  const std::string name = NewName();
  const std::string email = name + "@example.org";
  acme_.AddPerson(name, kPassword,
                  {{"mail", email}, {"givenName", "Ann"}, {"sn", "Müller"}, {"title", "Head"}});
  Start(Of("acme", acme_, "provision: true permission: ROOM_CREATE"));
  const Reply first = Entered(name);
  EXPECT_TRUE(first.permissions().at(static_cast<int>(Permission::kRoomCreate)));
  EXPECT_THAT(IsAuthenticated(first.accesstoken()), Answers(::common::OK));
  const ::common::User profile = ProfileOf(first.userid());
  EXPECT_EQ(profile.email(), email);
  EXPECT_EQ(profile.userprofile().firstname(), "Ann");
  EXPECT_EQ(profile.userprofile().lastname(), "Müller");
  EXPECT_EQ(profile.userprofile().title(), "Head");
  EXPECT_EQ(Entered(name).userid(), first.userid());
  // The session is one like others.
  const Reply refreshed = Try(RefreshOf(first, name));
  EXPECT_THAT(refreshed, Answers(::common::OK));
  EXPECT_EQ(refreshed.userid(), first.userid());
}

// CVE-2026-9092: an address makes nobody somebody else.
TEST_F(DirectoryOverTheWire, AnAddressThatSomebodyElseHasIsLeftToThem) {
  const std::string email = NewName() + "@example.org";
  ::user::UserCreateRequest request;
  request.mutable_user()->set_email(email);
  const auto owner = Ask(&UserStub::userCreate, As(AdminOf("acme"), request));
  ASSERT_THAT(owner, Answers(::common::OK));
  const std::string name = NewName();
  acme_.AddPerson(name, kPassword, {{"mail", email}, {"givenName", "Bob"}});
  Start(Of("acme", acme_));
  const Reply reply = Entered(name);
  EXPECT_NE(reply.userid(), owner.userid());
  EXPECT_EQ(ProfileOf(reply.userid()).email(), "");
  EXPECT_EQ(ProfileOf(reply.userid()).userprofile().firstname(), "Bob");
  EXPECT_EQ(ProfileOf(owner.userid()).email(), email);
}

TEST_F(DirectoryOverTheWire, WithoutProvisioningWhoHasNoAccountIsNobody) {
  const std::string known = NewName(), stranger = NewName();
  acme_.AddPerson(known, kPassword);
  acme_.AddPerson(stranger, kPassword);
  Start(Of("acme", acme_, ""));
  const std::string user = NewAccountOf(known, {Permission::kRoomList});
  EXPECT_EQ(Entered(known).userid(), user);
  EXPECT_THAT(Try(DirectoryOf("acme", stranger)), IsRefusedWith(::common::AUTHENTICATION_ERROR));
}

// "activation_token ... keyType ldap" (docs/contract.md): whoever accepts shows the password.
TEST_F(DirectoryOverTheWire, AnInvitationToAnAccountOfTheDirectoryTakesItsPassword) {
  const std::string name = NewName();
  acme_.AddPerson(name, kPassword);
  Start(Of("acme", acme_, ""));
  Request invitation;
  auto& given = *invitation.mutable_activationtokencredentials();
  given.set_keytype("ldap");
  given.set_principal(name);
  *invitation.mutable_permissions() = Wire({Permission::kRoomList});
  const auto made = Create(AdminOf("acme"), invitation);
  ASSERT_THAT(made, Answers(::common::OK));
  Request look;
  look.mutable_activationtokencredentials()->set_companyid("acme");
  look.mutable_activationtokencredentials()->set_activationtoken(made.activationtoken());
  look.mutable_activationtokencredentials()->set_code(made.code());
  const auto accept = [&](const std::string& username, const std::string& password) {
    const Reply token = Try(look);
    ::authentication::AuthenticationUpdateRequest request;
    request.mutable_accessinfo()->set_accesstoken(token.accesstoken());
    request.set_userid(made.userid());
    *request.mutable_authenticationrequest() = look;
    auto& credentials = *request.mutable_authenticationrequest()->mutable_ldapcredentials();
    credentials.set_username(username);
    credentials.set_password(password);
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    ::common::ReplyInfo reply;
    EXPECT_TRUE(stub_->authenticationUpdate(&context, request, &reply).ok());
    return reply;
  };
  EXPECT_THAT(Try(DirectoryOf("acme", name)), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(accept(name, "wrong"), Answers(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(accept(name, " "), Answers(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(accept("another", kPassword), Answers(::common::ACTION_INVALID));
  EXPECT_THAT(accept(name, kPassword), Answers(::common::OK));
  const Reply entered = Entered(name);
  EXPECT_EQ(entered.userid(), made.userid());
  EXPECT_TRUE(entered.permissions().at(static_cast<int>(Permission::kRoomList)));
}

TEST_F(DirectoryOverTheWire, AccountsAreMadeChangedAndRemovedLikeOthers) {
  const std::string name = NewName();
  acme_.AddPerson(name, kPassword);
  Start(Of("acme", acme_, ""));
  const std::string user = NewAccountOf(name);
  Request method;
  method.mutable_ldapcredentials()->set_username(name);
  EXPECT_THAT(Create(AdminOf("acme"), method), Answers(::common::ACTION_INVALID)) << "taken";
  *method.mutable_permissions() = Wire({Permission::kRoomCreate});
  EXPECT_THAT(Update(AdminOf("acme"), user, method), Answers(::common::OK));
  const Reply session = Entered(name);
  EXPECT_TRUE(session.permissions().at(static_cast<int>(Permission::kRoomCreate)));
  method.set_accountstatus(::authentication::DEACTIVATED);
  EXPECT_THAT(Update(AdminOf("acme"), user, method), Answers(::common::OK));
  EXPECT_THAT(Try(DirectoryOf("acme", name)), IsRefusedWith(::common::ACCOUNT_STATUS_ERROR));
  EXPECT_THAT(Try(DirectoryOf("acme", name, "wrong")),
              IsRefusedWith(::common::AUTHENTICATION_ERROR));
  method.set_accountstatus(::authentication::DELETED);
  EXPECT_THAT(Update(AdminOf("acme"), user, method), Answers(::common::OK));
  EXPECT_THAT(Try(DirectoryOf("acme", name)), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  // The password is the directory's.
  Request with_password = DirectoryOf("acme", NewName());
  EXPECT_THAT(Create(AdminOf("acme"), with_password), Answers(::common::ACTION_INVALID));
}

// L4: the directory's part of the matrix, of which inactive_accounts_over_the_wire_test.cc has the
// other doors.
TEST_F(DirectoryOverTheWire, L4AnAccountThatIsNotActiveOpensNothingAndItsTokensAreDead) {
  Start(Of("acme", acme_, ""));
  for (const bool of_method : {true, false}) {
    for (const auto status : {::authentication::DEACTIVATED, ::authentication::LOCKED,
                              ::authentication::PENDING, ::authentication::DELETED}) {
      SCOPED_TRACE(absl::StrCat(of_method ? "method " : "user ",
                                ::authentication::AccountStatus_Name(status)));
      const std::string name = NewName();
      acme_.AddPerson(name, kPassword);
      const std::string user = NewAccountOf(name);
      const std::string token = Entered(name).accesstoken();
      Become(user, of_method ? name : "", status);
      const bool removed = status == ::authentication::DELETED;
      const Reply refused = Try(DirectoryOf("acme", name));
      if (removed) {
        EXPECT_THAT(refused, IsRefusedWith(::common::AUTHENTICATION_ERROR));
      } else {
        EXPECT_THAT(refused, IsRefusedWith(::common::ACCOUNT_STATUS_ERROR));
        EXPECT_EQ(refused.accountstatus(), status);
      }
      EXPECT_THAT(Try(DirectoryOf("acme", name, "wrong")),
                  IsRefusedWith(::common::AUTHENTICATION_ERROR));
      EXPECT_TRUE(IsDeadWithinFiveSeconds(token));
      if (removed) continue;
      Become(user, of_method ? name : "", ::authentication::ACTIVATED);
      EXPECT_EQ(Entered(name).userid(), user);
    }
  }
}

TEST_F(DirectoryOverTheWire, L4ACompanyThatIsGoneLetsNobodyInFromItsDirectory) {
  ::authentication::CompanyCreateRequest founding;
  founding.set_companyid("Gone " + NewUuid().substr(24));
  founding.mutable_user()->set_email(absl::StrCat("first-", NewUuid(), "@example.com"));
  auto& first = *founding.mutable_authenticationrequest()->mutable_usernamepasswordcredentials();
  first.set_username("first");
  first.set_password("fD3-kwq!81zp");
  const auto founded = Ask(&AuthStub::companyCreate, As(AdminOf("operator"), founding));
  ASSERT_THAT(founded, Answers(::common::OK));
  const std::string& company = founded.companyid();
  const std::string known = NewName(), stranger = NewName();
  for (const std::string& name : {known, stranger}) acme_.AddPerson(name, kPassword);
  Start(Of(company, acme_));
  const Reply entered = Try(DirectoryOf(company, known));
  ASSERT_THAT(entered, Answers(::common::OK)) << auth_->Log();
  ::companyService::CompanyDestroyRequest destroying;
  destroying.set_companyid(company);
  ASSERT_THAT(Ask(&CompanyStub::companyDestroy, As(AdminOf("operator"), destroying)),
              Answers(::common::OK));
  EXPECT_TRUE(IsDeadWithinFiveSeconds(entered.accesstoken()));
  for (const std::string& name : {known, stranger}) {
    // As long as it is being cleared away it is told that the account is no more.
    const Reply refused = Try(DirectoryOf(company, name));
    if (name == stranger || refused.replyinfo().statuscode() != ::common::ACCOUNT_STATUS_ERROR) {
      EXPECT_THAT(refused, IsRefusedWith(::common::AUTHENTICATION_ERROR));
    }
  }
}

// A user with a profile, and an account in the directory, by the user service.
TEST_F(DirectoryOverTheWire, TheUserServiceMakesUsersWithAccountsOfTheDirectory) {
  const std::string name = NewName();
  acme_.AddPerson(name, kPassword, {{"givenName", "Ann"}});
  Start(Of("acme", acme_, ""));
  ::user::UserCreateRequest request;
  request.mutable_user()->mutable_userprofile()->set_firstname("Anna");
  request.mutable_authenticationrequest()->mutable_ldapcredentials()->set_username(name);
  const auto made = Ask(&UserStub::userCreate, As(AdminOf("acme"), request));
  ASSERT_THAT(made, Answers(::common::OK));
  EXPECT_EQ(Entered(name).userid(), made.userid());
  // There was a profile: it is the user's.
  EXPECT_EQ(ProfileOf(made.userid()).userprofile().firstname(), "Anna");
}

}  // namespace directory_accounts_over_the_wire_test
}  // namespace usher
