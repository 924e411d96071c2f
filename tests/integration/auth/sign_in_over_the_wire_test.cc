// authenticate with a password and with an authorization code.
#include "absl/strings/ascii.h"
#include "tests/integration/auth/auth_over_the_wire.h"

namespace usher {
namespace sign_in_over_the_wire_test {

using ::testing::HasSubstr;

class SignInOverTheWire : public AuthOverTheWire {};

TEST_F(SignInOverTheWire, APasswordOpensASession) {
  const Account account = NewAccount({Permission::kUserList});
  Request request = PasswordOf(account);
  request.set_requestid("r-1");
  const int64_t now = absl::ToUnixSeconds(absl::Now());
  const Reply reply = Authenticate(request);
  ASSERT_THAT(reply, Answers(::common::OK));
  EXPECT_EQ(reply.replyinfo().requestid(), "r-1");
  EXPECT_EQ(reply.userid(), account.user);
  EXPECT_EQ(reply.accountstatus(), ::authentication::ACTIVATED);
  EXPECT_EQ(reply.permissions_size(), 1);
  EXPECT_TRUE(reply.permissions().at(::common::USER_LIST));
  EXPECT_GE(reply.expiresat(), now + 3600);
  EXPECT_LE(reply.expiresat(), now + 3600 + 60);
  EXPECT_FALSE(reply.refreshtoken().empty());
  const token::AccessToken claims = Claims(reply.accesstoken());
  EXPECT_EQ(claims.user.value(), account.user);
  EXPECT_EQ(claims.company.value(), "acme");
  EXPECT_EQ(claims.permissions, PermissionSet{Permission::kUserList});
  EXPECT_EQ(absl::ToUnixSeconds(claims.expires_at), reply.expiresat());
  EXPECT_THAT(IsAuthenticated(reply.accesstoken()), Answers(::common::OK));
}

TEST_F(SignInOverTheWire, ACodeOpensASession) {
  const Tenant& acme = house_.acme();
  const Reply reply = Authenticate(WithCode("acme", acme.client_id, acme.code));
  ASSERT_THAT(reply, Answers(::common::OK));
  EXPECT_EQ(reply.userid(), acme.api_client);
  EXPECT_THAT(Authenticate(WithCode("acme", acme.client_id, acme.code + "x")),
              IsRefusedWith(::common::AUTHENTICATION_ERROR));
}

TEST_F(SignInOverTheWire, ARequestIdIsMadeUpWhereThereIsNone) {
  const Reply reply = Authenticate(PasswordOf(NewAccount()));
  EXPECT_FALSE(reply.replyinfo().requestid().empty());
}

TEST_F(SignInOverTheWire, NamesAreComparedFolded) {
  const Account account = NewAccount();
  Request request = PasswordOf(account);
  request.mutable_usernamepasswordcredentials()->set_username(
      " " + absl::AsciiStrToUpper(account.username));
  EXPECT_THAT(Authenticate(request), Answers(::common::OK));
  request = PasswordOf(account);
  request.mutable_usernamepasswordcredentials()->set_password(
      absl::AsciiStrToUpper(account.password));
  EXPECT_THAT(Authenticate(request), IsRefusedWith(::common::AUTHENTICATION_ERROR));
}

TEST_F(SignInOverTheWire, ExactlyOneCredentialsMessageIsExpected) {
  EXPECT_THAT(Authenticate(Request()), IsRefusedWith(::common::REQUEST_EMPTY));
  Request two = PasswordOf(NewAccount());
  two.mutable_guestaccesscredentials();
  EXPECT_THAT(Authenticate(two), IsRefusedWith(::common::PROTOCOL_ERROR));
  two = PasswordOf(NewAccount());
  two.mutable_activationtokencredentials();
  EXPECT_THAT(Authenticate(two), IsRefusedWith(::common::PROTOCOL_ERROR));
}

TEST_F(SignInOverTheWire, UnknownCompanyUnknownNameAndWrongSecretAreOneAnswer) {
  const Account account = NewAccount();
  Account unknown_company = account, elsewhere = account, nobody = account, wrong = account;
  unknown_company.company = "no-such-company";
  elsewhere.company = "globex";
  nobody.username = "nobody";
  wrong.password += "x";
  Account malformed_company = account;
  malformed_company.company = "NO/SLUG";
  Request request = PasswordOf(wrong);
  request.set_requestid("r");
  const Reply expected = Authenticate(request);
  EXPECT_THAT(expected, IsRefusedWith(::common::AUTHENTICATION_ERROR));
  for (const Account& other : {unknown_company, elsewhere, nobody, malformed_company}) {
    request = PasswordOf(other);
    request.set_requestid("r");
    EXPECT_THAT(Authenticate(request), EqualsProto(expected));
  }
  request = WithCode("acme", "nobody", "code");
  request.set_requestid("r");
  EXPECT_THAT(Authenticate(request), EqualsProto(expected));
}

TEST_F(SignInOverTheWire, WhatIsMissingIsNamed) {
  const Account account = NewAccount();
  Account without_company = account, without_name = account, without_password = account;
  without_company.company = "";
  without_name.username = "";
  without_password.password = "";
  for (const auto& [field, request] : {std::pair("companyId", PasswordOf(without_company)),
                                       std::pair("username", PasswordOf(without_name)),
                                       std::pair("password", PasswordOf(without_password)),
                                       std::pair("companyId", WithCode("", "client", "code")),
                                       std::pair("clientId", WithCode("acme", "", "code")),
                                       std::pair("code", WithCode("acme", "client", ""))}) {
    const Reply reply = Authenticate(request);
    EXPECT_THAT(reply, IsRefusedWith(::common::REQUEST_EMPTY));
    EXPECT_THAT(reply.replyinfo().statusmessage(), HasSubstr(field));
  }
}

TEST_F(SignInOverTheWire, WhatIsTooLongOrMalformedIsRefused) {
  Account account = NewAccount();
  account.password = std::string(1025, 'x');
  EXPECT_THAT(Authenticate(PasswordOf(account)), IsRefusedWith(::common::MAX_SIZE_EXCEEDED));
  account.password = std::string("a\0b", 3);
  EXPECT_THAT(Authenticate(PasswordOf(account)), IsRefusedWith(::common::PROTOCOL_ERROR));
  account.password = "password";
  account.username = std::string(256, 'x');
  EXPECT_THAT(Authenticate(PasswordOf(account)), IsRefusedWith(::common::MAX_SIZE_EXCEEDED));
  account.username = "a\nb";
  EXPECT_THAT(Authenticate(PasswordOf(account)), IsRefusedWith(::common::PROTOCOL_ERROR));
}

TEST_F(SignInOverTheWire, PermissionsThatAreAskedForNarrowTheToken) {
  const Account account = NewAccount({Permission::kUserList, Permission::kUserShow});
  const auto holds = [&](const std::map<int, bool>& asked) {
    Request request = PasswordOf(account);
    request.mutable_permissions()->insert(asked.begin(), asked.end());
    const Reply reply = Authenticate(request);
    EXPECT_THAT(reply, Answers(::common::OK));
    const PermissionSet held = Claims(reply.accesstoken()).permissions;
    EXPECT_EQ(reply.permissions().size(), Wire(held).size());
    return held;
  };
  const PermissionSet list{Permission::kUserList};
  EXPECT_EQ(holds({}), (PermissionSet{Permission::kUserList, Permission::kUserShow}));
  EXPECT_EQ(holds({{::common::USER_LIST, true}, {::common::ROOM_ADMIN, true}}), list);
  EXPECT_EQ(holds({{::common::USER_SHOW, false}}), list);
  EXPECT_EQ(holds({{::common::ROOM_ADMIN, true}}), PermissionSet{});
  EXPECT_EQ(holds({{::common::NONE, true}, {::common::USER_LIST, true}}), PermissionSet{});
}

TEST_F(SignInOverTheWire, StatusAndMetadataInTheRequestAreIgnored) {
  const Account account = NewAccount();
  Request request = PasswordOf(account);
  request.set_accountstatus(::authentication::DEACTIVATED);
  (*request.mutable_metadata())["key"] = std::string(5000, 'x');
  const Reply reply = Authenticate(request);
  EXPECT_THAT(reply, Answers(::common::OK));
  EXPECT_EQ(reply.accountstatus(), ::authentication::ACTIVATED);
  EXPECT_EQ(Information(reply.accesstoken(), account.user)
                .authenticationmethodinformation()
                .at("password")
                .metadata_size(),
            0);
  EXPECT_THAT(Authenticate(PasswordOf(account)), Answers(::common::OK));
}

TEST_F(SignInOverTheWire, AnInactiveAccountIsToldToTheRightSecretOnly) {
  for (const auto status : {::authentication::DEACTIVATED, ::authentication::PENDING}) {
    const Account account = NewAccount();
    SetUserStatus(account, status);
    const Reply reply = Authenticate(PasswordOf(account));
    EXPECT_THAT(reply, IsRefusedWith(::common::ACCOUNT_STATUS_ERROR));
    EXPECT_EQ(reply.accountstatus(), status);
    Account wrong = account;
    wrong.password += "x";
    const Reply blind = Authenticate(PasswordOf(wrong));
    EXPECT_THAT(blind, IsRefusedWith(::common::AUTHENTICATION_ERROR));
    EXPECT_EQ(blind.accountstatus(), ::authentication::DEFAULT);
    SetUserStatus(account, ::authentication::ACTIVATED);
    EXPECT_THAT(Authenticate(PasswordOf(account)), Answers(::common::OK));
  }
}

TEST_F(SignInOverTheWire, AMethodThatIsSwitchedOffOrRemovedSignsNobodyIn) {
  const Account account = NewAccount();
  Request change = Naming(account);
  change.set_accountstatus(::authentication::DEACTIVATED);
  ASSERT_THAT(Update(AdminOf("acme"), account.user, change), Answers(::common::OK));
  EXPECT_THAT(Authenticate(PasswordOf(account)), IsRefusedWith(::common::ACCOUNT_STATUS_ERROR));
  change.set_accountstatus(::authentication::DELETED);
  ASSERT_THAT(Update(AdminOf("acme"), account.user, change), Answers(::common::OK));
  EXPECT_THAT(Authenticate(PasswordOf(account)), IsRefusedWith(::common::AUTHENTICATION_ERROR));
}

// directory_over_the_wire_test.cc has those with a directory.
TEST_F(SignInOverTheWire, WithoutADirectoryNobodyComesFromOne) {
  Request request;
  auto& credentials = *request.mutable_ldapcredentials();
  EXPECT_THAT(Authenticate(request), IsRefusedWith(::common::REQUEST_EMPTY));
  credentials.set_companyid("acme");
  EXPECT_THAT(Authenticate(request), IsRefusedWith(::common::REQUEST_EMPTY));
  credentials.set_username("ann");
  for (const char* company : {"acme", "ACME", "nobody", "no company"}) {
    for (const char* password : {"", " ", "secret"}) {
      credentials.set_companyid(company);
      credentials.set_password(password);
      EXPECT_THAT(Authenticate(request), IsRefusedWith(::common::AUTHENTICATION_ERROR));
    }
  }
}

TEST_F(SignInOverTheWire, InvitationsAndCompanySwitchNeedAllTheirFields) {
  for (int kind = 0; kind < 2; ++kind) {
    Request request;
    if (kind == 0) request.mutable_activationtokencredentials();
    if (kind == 1) request.mutable_companyswitchcredentials();
    EXPECT_THAT(Authenticate(request), IsRefusedWith(::common::REQUEST_EMPTY)) << kind;
  }
}

TEST_F(SignInOverTheWire, CompanyCreationAsksForItsPermission) {
  using Creation = ::authentication::CompanyCreateRequest;
  EXPECT_THAT(Ask(&AuthStub::companyCreate, Creation()), Answers(::common::ACCESS_INFO_MISSING));
  for (const std::string& token : {AdminOf("acme"), TokenWith({Permission::kCompanyAdmin}),
                                   TokenWith({Permission::kCompanyList}, "operator")}) {
    EXPECT_THAT(Ask(&AuthStub::companyCreate, As<Creation>(token)),
                Answers(::common::INSUFFICIENT_PERMISSIONS));
  }
  for (const std::string& token : {AdminOf("operator"), TokenWith({Permission::kCompanyCreate})}) {
    EXPECT_THAT(Ask(&AuthStub::companyCreate, As<Creation>(token)),
                Answers(::common::REQUEST_EMPTY));
  }
}

}  // namespace sign_in_over_the_wire_test
}  // namespace usher
