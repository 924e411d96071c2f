// What people are called and companies, as they write it themselves.
#include "tests/integration/auth/auth_over_the_wire.h"

namespace usher {
namespace names_over_the_wire_test {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Key;

class NamesOverTheWire : public AuthOverTheWire {
 protected:
  static Request APassword(const std::string& username, const std::string& company = "") {
    Request request;
    auto& credentials = *request.mutable_usernamepasswordcredentials();
    credentials.set_username(username);
    credentials.set_password("a password of nobody else");
    credentials.set_companyid(company);
    return request;
  }
};

// F28: found at sign-in, unknown everywhere else.
TEST_F(NamesOverTheWire, ACompanyIsNamedInLettersOfAnySizeInEveryRequest) {
  const std::string administrator = AdminOf("acme");
  Account account = NewAccount();
  account.company = "Acme";
  const Reply signed_in = Authenticate(PasswordOf(account));
  EXPECT_THAT(signed_in, Answers(::common::OK));
  EXPECT_THAT(Refresh(account, signed_in.accesstoken(), signed_in.refreshtoken()),
              Answers(::common::OK));

  EXPECT_THAT(Create(administrator, APassword(NewUuid(), "ACME")), Answers(::common::OK));
  Request change = Naming(account);
  change.mutable_usernamepasswordcredentials()->set_companyid("ACME");
  (*change.mutable_metadata())["key"] = "value";
  EXPECT_THAT(Update(administrator, account.user, change), Answers(::common::OK));

  ::user::UserCreateRequest user;
  *user.mutable_authenticationrequest() = APassword(NewUuid(), "ACME");
  EXPECT_THAT(Ask(&UserStub::userCreate, As(administrator, user)), Answers(::common::OK));

  ::authentication::SignAccessTokenRequest sign;
  sign.mutable_accesstoken()->set_userid(account.user);
  sign.mutable_accesstoken()->set_companyid("ACME");
  EXPECT_THAT(Ask(&AuthStub::signAccessToken, As(administrator, sign)), Answers(::common::OK));

  ::authentication::ListAuthenticationsRequest filter;
  filter.add_companyid("ACME");
  filter.add_useridlist(account.user);
  EXPECT_THAT(List(administrator, filter).results(), Contains(Key(account.user)));

  ::companyService::CompanyUpdateRequest update;
  update.set_companyid("ACME");
  (*update.mutable_company()->mutable_metadata())["key"] = "value";
  EXPECT_THAT(Ask(&CompanyStub::companyUpdate, As(administrator, update)), Answers(::common::OK));
  ::companyService::CompanyListRequest companies;
  companies.add_companyidlist("ACME");
  EXPECT_THAT(Ask(&CompanyStub::companyList, As(administrator, companies)).orderedcompanyids(),
              ElementsAre("acme"));
}

TEST_F(NamesOverTheWire, WhatNoCompanyCanBeCalledIsAnsweredLikeACompanyThatDoesNotExist) {
  const std::string administrator = AdminOf("operator");
  const Account account = NewAccount();
  for (const std::string& company : {std::string("nowhere"), std::string("no company"),
                                     std::string("acme\u00a0"), std::string(300, 'A')}) {
    Request request = PasswordOf(account);
    request.mutable_usernamepasswordcredentials()->set_companyid(company);
    EXPECT_THAT(Authenticate(request), IsRefusedWith(::common::AUTHENTICATION_ERROR)) << company;
    EXPECT_THAT(Create(administrator, APassword(NewUuid(), company)), Answers(::common::NOT_FOUND))
        << company;
    Request change = Naming(account);
    change.mutable_usernamepasswordcredentials()->set_companyid(company);
    EXPECT_THAT(Update(administrator, account.user, change), Answers(::common::NOT_FOUND))
        << company;
    ::authentication::SignAccessTokenRequest sign;
    sign.mutable_accesstoken()->set_userid(account.user);
    sign.mutable_accesstoken()->set_companyid(company);
    EXPECT_THAT(Ask(&AuthStub::signAccessToken, As(administrator, sign)),
                Answers(::common::NOT_FOUND))
        << company;
    ::companyService::CompanyUpdateRequest update;
    update.set_companyid(company);
    update.mutable_company()->set_displayname("renamed");
    EXPECT_THAT(Ask(&CompanyStub::companyUpdate, As(administrator, update)),
                Answers(::common::NOT_FOUND))
        << company;
  }
}

// F06.
TEST_F(NamesOverTheWire, ANameIsTheSameWithTheBlanksOfAnyAlphabetAroundIt) {
  Account account = NewAccount();
  const std::string name = account.username;
  for (const char* blank : {" ", "\t", "\u00a0", "\u3000", "\u2009", "\u2028"}) {
    account.username = std::string(blank) + name + blank;
    EXPECT_THAT(Authenticate(PasswordOf(account)), Answers(::common::OK));
    EXPECT_THAT(Create(AdminOf("acme"), APassword(account.username)),
                Answers(::common::ACTION_INVALID));
  }
}

// F06, S21.
TEST_F(NamesOverTheWire, NobodyIsCalledWhatLooksLikeSomebodyElseForWhatCannotBeSeen) {
  const std::string administrator = AdminOf("acme");
  const Account account = NewAccount();
  for (const char* unseen : {"\u200b", "\u2060", "\ufeff", "\u00ad", "\u3164", "\u2800"}) {
    EXPECT_THAT(Create(administrator, APassword(account.username + unseen)),
                Answers(::common::PROTOCOL_ERROR));
    EXPECT_THAT(Update(administrator, account.user, APassword(account.username + unseen)),
                Answers(::common::PROTOCOL_ERROR));
    Request code;
    code.mutable_authorizationcodecredentials()->set_clientid(std::string("bil") + unseen + "ling");
    code.mutable_authorizationcodecredentials()->set_code("a code of nobody else");
    EXPECT_THAT(Create(administrator, code), Answers(::common::PROTOCOL_ERROR));
    ::user::UserCreateRequest user;
    user.mutable_user()->set_email(std::string("ann") + unseen + "@example.org");
    EXPECT_THAT(Ask(&UserStub::userCreate, As(administrator, user)),
                Answers(::common::PROTOCOL_ERROR));
    ::roomService::RoomCreateRequest room;
    room.mutable_room()->set_displayname(unseen);
    EXPECT_THAT(Ask(&RoomStub::Create, As(administrator, room)), Answers(::common::PROTOCOL_ERROR));
    // To sign in it is a name like any other that nobody has.
    Account other = account;
    other.username += unseen;
    EXPECT_THAT(Authenticate(PasswordOf(other)), IsRefusedWith(::common::AUTHENTICATION_ERROR));
  }
}

// G6: a parameter of the database would end there, and "admin" be found.
TEST_F(NamesOverTheWire, G6ANameWithNulIsNobodysAtNoDoor) {
  const Tenant& acme = house_.acme();
  const std::string name = acme.username + std::string("\0x", 2);
  const std::string administrator = AdminOf("acme");
  const auto refused = Answers(::common::PROTOCOL_ERROR);
  EXPECT_THAT(Authenticate(PasswordOf({"acme", acme.administrator, name, acme.password})), refused);
  EXPECT_THAT(Authenticate(WithCode("acme", acme.client_id + std::string("\0x", 2), acme.code)),
              refused);
  EXPECT_THAT(Create(administrator, APassword(name)), refused);
  Request change = APassword(name);
  EXPECT_THAT(Update(administrator, acme.administrator, change), refused);
  ::authentication::PasswordResetRequest reset;
  reset.set_companyid("acme");
  reset.set_username(name);
  EXPECT_THAT(Ask(&AuthStub::requestPasswordReset, reset), refused);
  ::authentication::ListAuthenticationsRequest filter;
  filter.add_principal(name);
  const auto listed = List(administrator, filter);
  EXPECT_TRUE(listed.results().empty()) << listed.ShortDebugString();
}

}  // namespace names_over_the_wire_test
}  // namespace usher
