// G7: no password, code or token of a day of calls is in a log of any server, whatever went wrong.
#include "tests/integration/house/secrets_in_logs.h"

#include <gmock/gmock.h>

#include <string>

#include "absl/strings/escaping.h"
#include "common/base/id.h"
#include "common/token/envelope.h"

namespace usher {
namespace secrets_in_logs_test {

using ::testing::HasSubstr;

class SecretsInLogsTest : public SecretsInLogs {
 protected:
  void SignInRightAndWrong();
  void SignInByOtherMeans();
  void ChangePasswords();
  void InviteAGuest();
  void CallWithBadTokens();
  void SignInWhileTheDatabaseGoes();
};

void SecretsInLogsTest::SignInRightAndWrong() {
  const Tenant& acme = house_.acme();
  SignInWithPassword(acme.username, NewSecret("a wrong password"));
  SignInWithPassword(NewSecret("a password in the place of a name"), acme.password);
  Authenticate(WithCode("acme", acme.client_id, acme.code));
  Authenticate(WithCode("acme", acme.client_id, NewSecret("a wrong code")));

  const AuthenticationReply first = SignInWithPassword(acme.username, acme.password);
  const AuthenticationReply second = Authenticate(Refresh(first, first.refreshtoken()));
  EXPECT_NE(second.refreshtoken(), "");
  Authenticate(Refresh(second, second.refreshtoken()));
  EXPECT_EQ(Authenticate(Refresh(first, first.refreshtoken())).refreshtoken(), "");
  Authenticate(Refresh(second, NewSecret("a wrong refresh token")));
}

void SecretsInLogsTest::SignInByOtherMeans() {
  AuthenticationRequest request;
  request.mutable_ldapcredentials()->set_companyid("acme");
  request.mutable_ldapcredentials()->set_username("ann");
  request.mutable_ldapcredentials()->set_password(NewSecret("a directory's password"));
  Authenticate(request);
  request.Clear();
  request.mutable_activationtokencredentials()->set_companyid("acme");
  request.mutable_activationtokencredentials()->set_activationtoken(
      NewSecret("an activation token"));
  Authenticate(request);
  request.Clear();
  request.mutable_companyswitchcredentials()->set_accesstoken(admin_.accesstoken());
  request.mutable_companyswitchcredentials()->set_refreshtoken(admin_.refreshtoken());
  Authenticate(request);
}

void SecretsInLogsTest::ChangePasswords() {
  const std::string name = NewUuid();
  const std::string password = NewSecret("a new user's password");
  const std::string user = CreateMethod(Password(name, password));
  EXPECT_NE(user, "");
  CreateMethod(WithCode("acme", NewUuid(), NewSecret("a new API key's code")));
  CreateMethod(Password(name, NewSecret("a password for a name that is taken")));

  const AuthenticationReply own = SignInWithPassword(name, password);
  EXPECT_NE(own.accesstoken(), "");
  ::authentication::AuthenticationUpdateRequest update;
  update.mutable_accessinfo()->set_accesstoken(own.accesstoken());
  update.set_userid(user);
  const std::string next = NewSecret("the next password");
  for (const std::string& current : {NewSecret("a wrong current password"), password}) {
    *update.mutable_authenticationrequest() = Password(name, next, current);
    Call(house_.auth(), &AuthStub::authenticationUpdate, update);
  }
  EXPECT_NE(SignInWithPassword(name, next).accesstoken(), "");

  // By way of the user service, and from there to auth.
  auto create = AsAdmin<::user::UserCreateRequest>();
  create.mutable_user()->set_email(NewUuid() + "@acme.example");
  *create.mutable_authenticationrequest() =
      Password(NewUuid(), NewSecret("a password that two services see"));
  const auto created = Call(house_.user(), &::user::UserService::Stub::userCreate, create);
  EXPECT_EQ(created.replyinfo().statuscode(), ::common::OK) << created.ShortDebugString();
  *create.mutable_authenticationrequest() =
      Password(name, NewSecret("a password that two services see and refuse"));
  Call(house_.user(), &::user::UserService::Stub::userCreate, create);
}

void SecretsInLogsTest::InviteAGuest() {
  auto create = AsAdmin<::roomService::RoomCreateRequest>();
  create.mutable_room()->set_displayname("interview");
  const std::string room =
      Call(house_.room(), &::roomService::roomService::Stub::Create, create).roomid();
  const std::string code = NewSecret("a guest's code");
  AuthenticationRequest guest;
  guest.mutable_guestaccesscredentials()->set_companyid("acme");
  guest.mutable_guestaccesscredentials()->set_roomid(room);
  guest.mutable_guestaccesscredentials()->set_code(code);
  const std::string user = CreateMethod(guest);
  EXPECT_NE(user, "");
  guest.mutable_guestaccesscredentials()->set_userid(user);
  EXPECT_NE(Authenticate(guest).accesstoken(), "");
  guest.mutable_guestaccesscredentials()->set_code(NewSecret("a guest's wrong code"));
  Authenticate(guest);

  auto link = AsAdmin<::roomService::CreateJoinLinkRequest>();
  link.set_roomid(room);
  const std::string joined =
      Call(house_.room(), &::roomService::roomService::Stub::CreateJoinLink, link).joinlink();
  std::string token;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(joined.substr(joined.find('#') + 1), &token)) << joined;
  AddToken("a join token", token);
}

void SecretsInLogsTest::CallWithBadTokens() {
  auto request = AsAdmin<::authentication::SignAccessTokenRequest>();
  AddTokensOf(Call(house_.auth(), &AuthStub::signAccessToken, request));
  std::string altered = admin_.accesstoken();
  altered[token::kHeaderSize] ^= 1;
  AddToken("an altered token", altered);
  token::AccessToken old;
  old.user = UserId(admin_.userid());
  old.company = CompanyId("acme");
  old.issued_at = absl::Now() - absl::Hours(2);
  old.expires_at = absl::Now() - absl::Hours(1);
  const std::string expired = house_.Sign(old);
  AddToken("an expired token", expired);
  for (const std::string& token : {altered, expired, NewSecret("something that is no token")}) {
    ::roomService::RoomListRequest list;
    list.mutable_accessinfo()->set_accesstoken(token);
    Call(house_.room(), &::roomService::roomService::Stub::List, list);
    ::user::UserListRequest users;
    users.mutable_accessinfo()->set_accesstoken(token);
    Call(house_.user(), &::user::UserService::Stub::userList, users);
    ::companyService::CompanyListRequest companies;
    companies.mutable_accessinfo()->set_accesstoken(token);
    Call(house_.company(), &::companyService::CompanyService::Stub::companyList, companies);
    ::businessLogicService::FavoritesListRequest favorites;
    favorites.mutable_accessinfo()->set_accesstoken(token);
    Call(house_.business_logic(),
         &::businessLogicService::BusinessLogicService::Stub::favoritesList, favorites);
  }
}

void SecretsInLogsTest::SignInWhileTheDatabaseGoes() {
  for (int i = 0; i < 3; ++i) {
    house_.database("auth").Ask(
        "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()");
    SignInWithPassword(house_.acme().username, house_.acme().password);
    SignInWithPassword(house_.acme().username, NewSecret("a wrong password in an outage"));
  }
}

TEST_F(SecretsInLogsTest, ADayOfCallsLeavesNoSecretInAnyLog) {
  SignInRightAndWrong();
  SignInByOtherMeans();
  ChangePasswords();
  InviteAGuest();
  CallWithBadTokens();
  SignInWhileTheDatabaseGoes();
  for (const std::string& service : House::Services()) {
    const std::string log = LogOf(service);
    EXPECT_THAT(log, HasSubstr(R"("message":"call")")) << service << " has logged nothing";
    EXPECT_EQ(search_.FindIn(log), "") << service;
    ExpectNoSql(service, log);
  }
}

}  // namespace secrets_in_logs_test
}  // namespace usher
