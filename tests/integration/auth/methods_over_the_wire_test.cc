// authenticationCreate and authenticationInformation.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/ascii.h"
#include "tests/integration/auth/auth_over_the_wire.h"

namespace usher {
namespace methods_over_the_wire_test {

using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class MethodsOverTheWire : public AuthOverTheWire {
 protected:
  static Request NewPassword(const std::string& username = absl::StrCat("new-", NewUuid()),
                             PermissionSet permissions = {}) {
    Request request;
    request.mutable_usernamepasswordcredentials()->set_username(username);
    request.mutable_usernamepasswordcredentials()->set_password("a good password");
    *request.mutable_permissions() = Wire(permissions);
    return request;
  }
};

TEST_F(MethodsOverTheWire, AMadeMethodSignsItsNewUserIn) {
  Request request = NewPassword();
  (*request.mutable_metadata())["key"] = "value";
  const auto made = Create(TokenWith({Permission::kUserCreate}), request);
  ASSERT_THAT(made, Answers(::common::OK));
  const SignedIn session =
      house_.SignIn("acme", request.usernamepasswordcredentials().username(), "a good password");
  EXPECT_EQ(session.user, made.userid());
  EXPECT_EQ(Information(session.access_token, session.user)
                .authenticationmethodinformation()
                .at("password")
                .metadata()
                .at("key"),
            "value");
}

TEST_F(MethodsOverTheWire, AnApiKeyIsMadeLikewise) {
  Request request;
  auto& credentials = *request.mutable_authorizationcodecredentials();
  credentials.set_clientid(absl::StrCat("client-", NewUuid()));
  credentials.set_code("code");
  credentials.set_redirecturi("https://client.example/");
  const auto made = Create(AdminOf("acme"), request);
  ASSERT_THAT(made, Answers(::common::OK));
  EXPECT_EQ(Authenticate(WithCode("acme", credentials.clientid(), "code")).userid(), made.userid());
}

// L15: whoever makes an API key cannot have this server ask whom they like.
TEST_F(MethodsOverTheWire, L15TheRedirectUriIsKeptAndNeverFetched) {
  const int listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  ASSERT_EQ(bind(listening, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(listening, 8), 0);
  ASSERT_EQ(getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size), 0);
  Request request;
  auto& credentials = *request.mutable_authorizationcodecredentials();
  credentials.set_clientid(absl::StrCat("client-", NewUuid()));
  credentials.set_code("code");
  credentials.set_redirecturi(absl::StrCat("http://127.0.0.1:", ntohs(address.sin_port), "/"));
  const auto made = Create(AdminOf("acme"), request);
  ASSERT_THAT(made, Answers(::common::OK));
  Request sign_in = WithCode("acme", credentials.clientid(), "code");
  sign_in.mutable_authorizationcodecredentials()->set_redirecturi(credentials.redirecturi());
  EXPECT_THAT(Authenticate(sign_in), Answers(::common::OK));
  EXPECT_THAT(Update(AdminOf("acme"), made.userid(), request), Answers(::common::OK));
  EXPECT_LT(accept(listening, nullptr, nullptr), 0) << "somebody called";
  EXPECT_EQ(errno, EAGAIN);
  close(listening);
}

TEST_F(MethodsOverTheWire, CreateIsRefusedWithoutUserCreate) {
  EXPECT_THAT(Create("", NewPassword()), Answers(::common::ACCESS_INFO_MISSING));
  for (const PermissionSet permissions :
       {PermissionSet{Permission::kUserInvite}, PermissionSet{Permission::kUserAdmin}}) {
    EXPECT_THAT(Create(TokenWith(permissions), NewPassword()),
                Answers(::common::INSUFFICIENT_PERMISSIONS));
  }
}

TEST_F(MethodsOverTheWire, APrincipalIsTakenOnceInACompany) {
  const Account account = NewAccount();
  for (const std::string& name :
       {account.username, absl::AsciiStrToUpper(account.username), " " + account.username}) {
    const auto reply = Create(AdminOf("acme"), NewPassword(name));
    EXPECT_THAT(reply, Answers(::common::ACTION_INVALID)) << name;
    EXPECT_EQ(reply.userid(), "");
  }
  EXPECT_THAT(Create(AdminOf("globex"), NewPassword(account.username)), Answers(::common::OK));
}

TEST_F(MethodsOverTheWire, NobodyGivesWhatTheyDoNotHold) {
  const PermissionSet list{Permission::kUserList};
  EXPECT_THAT(Create(TokenWith({Permission::kUserCreate, Permission::kUserList}),
                     NewPassword("x" + NewUuid(), list)),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Create(TokenWith({Permission::kUserCreate, Permission::kGrantPermissions}),
                     NewPassword("x" + NewUuid(), list)),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  const PermissionSet all = kCompanyAdministrator.Or(kPlatformPermissions);
  EXPECT_THAT(Create(TokenWith(all), NewPassword("x" + NewUuid(), {Permission::kCompanyList})),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Create(AdminOf("operator"), NewPassword("x" + NewUuid(), {Permission::kCompanyList})),
              Answers(::common::OK));
  EXPECT_THAT(Create(AdminOf("acme"), NewPassword("x" + NewUuid(), list)), Answers(::common::OK));
}

TEST_F(MethodsOverTheWire, NoneStripsAll) {
  Request request = NewPassword();
  (*request.mutable_permissions())[::common::USER_LIST] = true;
  (*request.mutable_permissions())[::common::NONE] = true;
  const auto made = Create(AdminOf("acme"), request);
  ASSERT_THAT(made, Answers(::common::OK));
  EXPECT_TRUE(Information(AdminOf("acme"), made.userid()).permissions().empty());
  request = NewPassword();
  (*request.mutable_permissions())[12] = true;
  EXPECT_THAT(Create(AdminOf("acme"), request), Answers(::common::PROTOCOL_ERROR));
}

TEST_F(MethodsOverTheWire, AnotherCompanyIsNotFoundButByThePlatformAdministrator) {
  Request request = NewPassword();
  for (const char* company : {"globex", "no-such-company"}) {
    request.mutable_usernamepasswordcredentials()->set_companyid(company);
    EXPECT_THAT(Create(AdminOf("acme"), request), Answers(::common::NOT_FOUND));
  }
  EXPECT_THAT(Create(AdminOf("operator"), request), Answers(::common::NOT_FOUND));
  request.mutable_usernamepasswordcredentials()->set_companyid("acme");
  const auto made = Create(AdminOf("operator"), request);
  ASSERT_THAT(made, Answers(::common::OK));
  EXPECT_THAT(Information(AdminOf("acme"), made.userid()), Answers(::common::OK));
}

TEST_F(MethodsOverTheWire, CreateRefusesWhatIsMissingOrMalformed) {
  const std::string token = AdminOf("acme");
  EXPECT_THAT(Create(token, Request()), Answers(::common::REQUEST_EMPTY));
  Request request = NewPassword();
  request.mutable_authorizationcodecredentials()->set_clientid("x");
  EXPECT_THAT(Create(token, request), Answers(::common::PROTOCOL_ERROR));
  request = NewPassword("");
  EXPECT_THAT(Create(token, request), Answers(::common::REQUEST_EMPTY));
  request = NewPassword();
  request.mutable_usernamepasswordcredentials()->clear_password();
  EXPECT_THAT(Create(token, request), Answers(::common::REQUEST_EMPTY));
  request = NewPassword();
  request.set_accountstatus(::authentication::LOCKED);
  EXPECT_THAT(Create(token, request), Answers(::common::ACTION_INVALID));
  request = NewPassword();
  request.mutable_refreshtokencredentials();
  EXPECT_THAT(Create(token, request), Answers(::common::PROTOCOL_ERROR));
}

TEST_F(MethodsOverTheWire, PoorPasswordsAndTooMuchTextAreRefused) {
  const std::string token = AdminOf("acme");
  Request request = NewPassword("x" + NewUuid());
  auto& password = *request.mutable_usernamepasswordcredentials();
  for (const auto& [secret, code] :
       {std::pair(std::string("1234567"), ::common::PROTOCOL_ERROR),
        std::pair(std::string("password1"), ::common::ACTION_INVALID),
        std::pair(absl::AsciiStrToUpper(password.username()), ::common::ACTION_INVALID),
        std::pair(std::string(1025, 'x'), ::common::MAX_SIZE_EXCEEDED)}) {
    password.set_password(secret);
    const auto reply = Create(token, request);
    EXPECT_THAT(reply, Answers(code)) << secret;
    EXPECT_THAT(reply.replyinfo().statusmessage(), Not(HasSubstr(secret)));
  }
  EXPECT_THAT(Create(token, NewPassword(std::string(256, 'x'))),
              Answers(::common::MAX_SIZE_EXCEEDED));
  request = NewPassword();
  (*request.mutable_metadata())["key"] = std::string(4097, 'x');
  EXPECT_THAT(Create(token, request), Answers(::common::MAX_SIZE_EXCEEDED));
}

TEST_F(MethodsOverTheWire, TheSameIdempotencyKeyMakesOneUser) {
  const std::string token = AdminOf("acme");
  const std::map<std::string, std::string> headers = {{"idempotency-key", NewUuid()}};
  const Request request = NewPassword();
  const auto first = Create(token, request, headers);
  const auto second = Create(token, request, headers);
  ASSERT_THAT(first, Answers(::common::OK));
  ASSERT_THAT(second, Answers(::common::OK));
  EXPECT_EQ(first.userid(), second.userid());
  EXPECT_THAT(Create(token, NewPassword(), headers), Answers(::common::ACTION_INVALID));
  EXPECT_THAT(Create(token, NewPassword(), {{"idempotency-key", std::string(129, 'x')}}),
              Answers(::common::PROTOCOL_ERROR));
}

TEST_F(MethodsOverTheWire, InformationTellsMethodsByTypeAndThePermissionsOfTheActiveOnes) {
  const Account account = NewAccount({Permission::kUserList});
  Request code;
  code.mutable_authorizationcodecredentials()->set_clientid("client " + account.username);
  code.mutable_authorizationcodecredentials()->set_code("code");
  (*code.mutable_permissions())[::common::ROOM_LIST] = true;
  ASSERT_THAT(Update(AdminOf("acme"), account.user, code), Answers(::common::OK));
  auto reply = Information(AdminOf("acme"), account.user);
  EXPECT_EQ(reply.userid(), account.user);
  EXPECT_EQ(reply.permissions_size(), 2);
  EXPECT_THAT(reply.authenticationmethodinformation(),
              UnorderedElementsAre(Key("password"), Key("authorization_code")));
  const auto& password = reply.authenticationmethodinformation().at("password");
  EXPECT_EQ(password.type(), "password");
  EXPECT_EQ(password.principal(), account.username);
  EXPECT_EQ(password.companyid(), "acme");
  EXPECT_EQ(password.userid(), account.user);
  EXPECT_EQ(password.accountstatus(), ::authentication::ACTIVATED);

  code.mutable_authorizationcodecredentials()->clear_code();
  code.clear_permissions();
  code.set_accountstatus(::authentication::DEACTIVATED);
  ASSERT_THAT(Update(AdminOf("acme"), account.user, code), Answers(::common::OK));
  reply = Information(AdminOf("acme"), account.user);
  EXPECT_EQ(reply.permissions_size(), 1);
  EXPECT_TRUE(reply.permissions().at(::common::USER_LIST));
  EXPECT_EQ(reply.authenticationmethodinformation().at("authorization_code").accountstatus(),
            ::authentication::DEACTIVATED);
}

TEST_F(MethodsOverTheWire, InformationIsForOneselfUserShowAndUserAdmin) {
  const Account account = NewAccount();
  EXPECT_THAT(Information(TokenWith({Permission::kUserList}), account.user),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Information(GuestToken({Permission::kUserShow}), account.user),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  for (const std::string& token : {SignIn(account).access_token, TokenWith({Permission::kUserShow}),
                                   TokenWith({Permission::kUserAdmin})}) {
    EXPECT_THAT(Information(token, account.user), Answers(::common::OK));
  }
  EXPECT_THAT(Information(AdminOf("acme"), NewUuid()), Answers(::common::NOT_FOUND));
  EXPECT_THAT(Information(AdminOf("acme"), "abc"), Answers(::common::USER_ID_INVALID));
  EXPECT_THAT(Information(AdminOf("acme"), ""), Answers(::common::REQUEST_EMPTY));
}

TEST_F(MethodsOverTheWire, NoReplyCarriesASecret) {
  const Account account = NewAccount();
  const SignedIn session = SignIn(account);
  Request code;
  code.mutable_authorizationcodecredentials()->set_clientid("client " + account.username);
  code.mutable_authorizationcodecredentials()->set_code("the code of this key");
  ASSERT_THAT(Update(AdminOf("acme"), account.user, code), Answers(::common::OK));
  ::authentication::ListAuthenticationsRequest all;
  all.add_useridlist(account.user);
  for (const char* type : {"password", "authorization_code", "refresh_token"}) {
    all.add_keytype(type);
  }
  Account wrong = account;
  wrong.password += "x";
  for (const std::string& bytes :
       {Information(AdminOf("acme"), account.user).SerializeAsString(),
        List(AdminOf("acme"), all).SerializeAsString(),
        Authenticate(PasswordOf(account)).SerializeAsString(),
        Authenticate(PasswordOf(wrong)).SerializeAsString(),
        Create(AdminOf("acme"), PasswordOf(account)).SerializeAsString()}) {
    EXPECT_THAT(bytes, Not(HasSubstr(account.password)));
    EXPECT_THAT(bytes, Not(HasSubstr("the code of this key")));
    EXPECT_THAT(bytes, Not(HasSubstr(session.refresh_token)));
    EXPECT_THAT(bytes, Not(HasSubstr("argon2")));
  }
}

}  // namespace methods_over_the_wire_test
}  // namespace usher
