#include "services/auth/session/sign_in_wire.h"

#include <common/permissions.pb.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "services/auth/session/sign_in_errors.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace sign_in_wire_test {

namespace wire = ::authentication;
using wire::AuthenticationRequest;

constexpr char kUser[] = "01900000-0000-7000-8000-00000000ABCD";
constexpr char kUserCanonical[] = "01900000-0000-7000-8000-00000000abcd";
constexpr PermissionSet kAnything = PermissionSet::FromMask(~uint32_t{0});
constexpr PermissionSet kLists{Permission::kUserList, Permission::kRoomList};

AuthenticationRequest ByPassword() {
  AuthenticationRequest request;
  auto& given = *request.mutable_usernamepasswordcredentials();
  given.set_username("ann");
  given.set_password("secret");
  given.set_companyid("acme");
  return request;
}

AuthenticationRequest ByCode() {
  AuthenticationRequest request;
  auto& given = *request.mutable_authorizationcodecredentials();
  given.set_clientid("client");
  given.set_code("secret");
  given.set_companyid("acme");
  return request;
}

AuthenticationRequest ByGuestAccess() {
  AuthenticationRequest request;
  auto& given = *request.mutable_guestaccesscredentials();
  given.set_userid(kUser);
  given.set_code("secret");
  given.set_companyid("acme");
  return request;
}

AuthenticationRequest ByRefreshToken() {
  AuthenticationRequest request;
  auto& given = *request.mutable_refreshtokencredentials();
  given.set_principal("ann");
  given.set_refreshtoken("secret");
  given.set_companyid("acme");
  given.set_accesstoken(std::string("\0\xff token", 8));
  return request;
}

template <class T>
T GrantOf(const AuthenticationRequest& request) {
  const auto grant = GrantFromWire(request);
  EXPECT_OK(grant);
  if (!grant.ok() || !std::holds_alternative<T>(*grant)) {
    ADD_FAILURE() << "another grant";
    return T();
  }
  return std::get<T>(*grant);
}

// One text field of a request that is good without change.
struct Field {
  AuthenticationRequest request;
  std::string credentials;
  std::string name;
};

AuthenticationRequest With(const Field& field, const std::string& value) {
  AuthenticationRequest request = field.request;
  auto* credentials = request.GetReflection()->MutableMessage(
      &request, request.GetDescriptor()->FindFieldByName(field.credentials));
  credentials->GetReflection()->SetString(
      credentials, credentials->GetDescriptor()->FindFieldByName(field.name), value);
  return request;
}

const Field kUsername{ByPassword(), "usernamePasswordCredentials", "username"};
const Field kClientId{ByCode(), "authorizationCodeCredentials", "clientId"};
const Field kPrincipal{ByRefreshToken(), "refreshTokenCredentials", "principal"};
const Field kDisplayName{ByGuestAccess(), "guestAccessCredentials", "displayName"};

const Field kPassword{ByPassword(), "usernamePasswordCredentials", "password"};
const Field kCode{ByCode(), "authorizationCodeCredentials", "code"};
const Field kGuestCode{ByGuestAccess(), "guestAccessCredentials", "code"};
const Field kRefreshToken{ByRefreshToken(), "refreshTokenCredentials", "refreshToken"};

const std::vector<Field> kNames = {kUsername, kClientId, kPrincipal};
const std::vector<Field> kSecrets = {kPassword, kCode, kGuestCode, kRefreshToken};
const std::vector<Field> kCompanies = {
    {ByPassword(), "usernamePasswordCredentials", "companyId"},
    {ByCode(), "authorizationCodeCredentials", "companyId"},
    {ByGuestAccess(), "guestAccessCredentials", "companyId"},
    {ByRefreshToken(), "refreshTokenCredentials", "companyId"},
};

CompanyId CompanyOf(const Grant& grant) {
  return std::visit(
      [](const auto& one) {
        if constexpr (std::is_same_v<std::decay_t<decltype(one)>, OtherGrant>) {
          return CompanyId("none");
        } else {
          return one.company;
        }
      },
      grant);
}

PermissionSet WantedWith(const std::map<int32_t, bool>& permissions) {
  AuthenticationRequest request = ByPassword();
  for (const auto& [number, wanted] : permissions) {
    (*request.mutable_permissions())[number] = wanted;
  }
  return GrantOf<PasswordGrant>(request).wanted;
}

TEST(SignInWire, EachCredentialsMessageBecomesItsGrant) {
  const auto password = GrantOf<PasswordGrant>(ByPassword());
  EXPECT_EQ(password.company, CompanyId("acme"));
  EXPECT_EQ(password.username, "ann");
  EXPECT_EQ(password.password.Reveal(), "secret");
  EXPECT_EQ(password.wanted, kAnything);

  const auto code = GrantOf<CodeGrant>(ByCode());
  EXPECT_EQ(code.company, CompanyId("acme"));
  EXPECT_EQ(code.client_id, "client");
  EXPECT_EQ(code.code.Reveal(), "secret");

  const auto guest = GrantOf<GuestGrant>(With(kDisplayName, " Gus "));
  EXPECT_EQ(guest.company, CompanyId("acme"));
  EXPECT_EQ(guest.user, UserId(kUserCanonical));
  EXPECT_EQ(guest.code.Reveal(), "secret");
  EXPECT_EQ(guest.display_name, "Gus");
  EXPECT_EQ(GrantOf<GuestGrant>(ByGuestAccess()).display_name, "");

  const auto refresh = GrantOf<RefreshGrant>(ByRefreshToken());
  EXPECT_EQ(refresh.company, CompanyId("acme"));
  EXPECT_EQ(refresh.principal, "ann");
  EXPECT_EQ(refresh.refresh_token.Reveal(), "secret");
  EXPECT_EQ(refresh.access_token, std::string("\0\xff token", 8));
}

TEST(SignInWire, WhatOtherWingsReadIsLeftToThem) {
  AuthenticationRequest request;
  request.mutable_ldapcredentials();
  EXPECT_NE(GrantOf<OtherGrant>(request).what, "");
  request.Clear();
  request.mutable_activationtokencredentials();
  EXPECT_NE(GrantOf<OtherGrant>(request).what, "");
  request.Clear();
  request.mutable_companyswitchcredentials();
  EXPECT_NE(GrantOf<OtherGrant>(request).what, "");
}

TEST(SignInWire, NoCredentialsAreAnEmptyRequest) {
  AuthenticationRequest request;
  request.set_requestid("1");
  (*request.mutable_permissions())[4] = true;
  EXPECT_THAT(GrantFromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
}

TEST(SignInWire, AnyTwoCredentialsAreOneTooMany) {
  const std::vector<std::function<void(AuthenticationRequest&)>> kinds = {
      [](auto& request) { request.MergeFrom(ByPassword()); },
      [](auto& request) { request.MergeFrom(ByCode()); },
      [](auto& request) { request.MergeFrom(ByGuestAccess()); },
      [](auto& request) { request.MergeFrom(ByRefreshToken()); },
      [](auto& request) { request.mutable_ldapcredentials(); },
      [](auto& request) { request.mutable_activationtokencredentials(); },
      [](auto& request) { request.mutable_companyswitchcredentials(); },
  };
  for (size_t a = 0; a < kinds.size(); ++a) {
    for (size_t b = a + 1; b < kinds.size(); ++b) {
      AuthenticationRequest request;
      kinds[a](request);
      kinds[b](request);
      EXPECT_THAT(GrantFromWire(request), HasReplyCode(::common::PROTOCOL_ERROR)) << a << b;
    }
  }
}

TEST(SignInWire, EveryFieldThatAGrantIsAboutIsRequired) {
  for (const auto& fields : {kNames, kSecrets, kCompanies}) {
    for (const Field& field : fields) {
      EXPECT_THAT(GrantFromWire(With(field, "")), HasReplyCode(::common::REQUEST_EMPTY))
          << field.credentials << "." << field.name;
    }
  }
  for (const Field& field : kNames) {
    EXPECT_THAT(GrantFromWire(With(field, " \t ")), HasReplyCode(::common::REQUEST_EMPTY))
        << field.credentials;
  }
  AuthenticationRequest request = ByGuestAccess();
  request.mutable_guestaccesscredentials()->clear_userid();
  EXPECT_THAT(GrantFromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
  request = ByRefreshToken();
  request.mutable_refreshtokencredentials()->clear_accesstoken();
  EXPECT_THAT(GrantFromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
}

TEST(SignInWire, AGuestIsNamedByAUuid) {
  AuthenticationRequest request = ByGuestAccess();
  for (const char* malformed : {"x", "01900000-0000-7000-8000-00000000abc", "Gus"}) {
    request.mutable_guestaccesscredentials()->set_userid(malformed);
    EXPECT_THAT(GrantFromWire(request), HasReplyCode(::common::USER_ID_INVALID)) << malformed;
  }
}

// The same answer as for a company that does not exist, which is the domain's to give.
TEST(SignInWire, ACompanyThatCannotExistComesOutEmpty) {
  for (const Field& field : kCompanies) {
    for (const char* impossible : {"x", "not a slug", "-acme", "acme--1", "\xff"}) {
      const auto grant = GrantFromWire(With(field, impossible));
      ASSERT_OK(grant);
      EXPECT_TRUE(CompanyOf(*grant).empty()) << field.credentials << impossible;
    }
    const auto grant = GrantFromWire(With(field, "ACME"));
    ASSERT_OK(grant);
    EXPECT_EQ(CompanyOf(*grant), CompanyId("acme")) << field.credentials;
  }
}

TEST(SignInWire, NamesAreTrimmedAndSecretsAreAsTheyAre) {
  EXPECT_EQ(GrantOf<PasswordGrant>(With(kUsername, "  Ann ")).username, "Ann");
  EXPECT_EQ(GrantOf<CodeGrant>(With(kClientId, "  Client ")).client_id, "Client");
  EXPECT_EQ(GrantOf<RefreshGrant>(With(kPrincipal, "  Ann ")).principal, "Ann");
  EXPECT_EQ(GrantOf<PasswordGrant>(With(kPassword, " s\n")).password.Reveal(), " s\n");
  EXPECT_EQ(GrantOf<CodeGrant>(With(kCode, " s\n")).code.Reveal(), " s\n");
  EXPECT_EQ(GrantOf<GuestGrant>(With(kGuestCode, " s\n")).code.Reveal(), " s\n");
  EXPECT_EQ(GrantOf<RefreshGrant>(With(kRefreshToken, " s\n")).refresh_token.Reveal(), " s\n");
}

// F06: with a blank of another alphabet behind the name it was another name.
TEST(SignInWire, NamesAreTrimmedAsTheyWereWhenTheyWereGiven) {
  for (const char* blank : {"\u00a0", "\u3000", "\u2009", "\u0085", "\u2028"}) {
    const std::string name = std::string(blank) + "Ann" + blank;
    EXPECT_EQ(GrantOf<PasswordGrant>(With(kUsername, name)).username, "Ann");
    EXPECT_EQ(GrantOf<CodeGrant>(With(kClientId, name)).client_id, "Ann");
    EXPECT_EQ(GrantOf<RefreshGrant>(With(kPrincipal, name)).principal, "Ann");
    EXPECT_EQ(GrantOf<GuestGrant>(With(kDisplayName, name)).display_name, "Ann");
  }
}

TEST(SignInWire, WhoseNameAnOlderReleaseLetInStillSignsIn) {
  EXPECT_EQ(GrantOf<PasswordGrant>(With(kUsername, "ad\u200bmin")).username, "ad\u200bmin");
  EXPECT_EQ(GrantOf<CodeGrant>(With(kClientId, "bil\u00a0ling")).client_id, "bil\u00a0ling");
}

TEST(SignInWire, NamesHaveUpTo255CharactersOfText) {
  std::string longest;
  for (int i = 0; i < 255; ++i) longest += "\xc3\xa4";  // characters are counted, not bytes
  for (const Field& field : {kUsername, kClientId, kPrincipal, kDisplayName}) {
    EXPECT_OK(GrantFromWire(With(field, longest))) << field.name;
    EXPECT_THAT(GrantFromWire(With(field, longest + "b")),
                HasReplyCode(::common::MAX_SIZE_EXCEEDED))
        << field.name;
    for (const char* malformed : {"a\nb", "a\x7f", "\xff\xfe",
                                  "a\xe2\x80\xae"
                                  "b"}) {
      EXPECT_THAT(GrantFromWire(With(field, malformed)), HasReplyCode(::common::PROTOCOL_ERROR))
          << field.name << malformed;
    }
    EXPECT_THAT(GrantFromWire(With(field, std::string("a\0b", 3))),
                HasReplyCode(::common::PROTOCOL_ERROR))
        << field.name;
  }
}

TEST(SignInWire, SecretsHaveUpTo1024BytesWithoutNul) {
  for (const Field& field : kSecrets) {
    EXPECT_OK(GrantFromWire(With(field, std::string(1024, 'x')))) << field.name;
    EXPECT_THAT(GrantFromWire(With(field, std::string(1025, 'x'))),
                HasReplyCode(::common::MAX_SIZE_EXCEEDED))
        << field.name;
    EXPECT_THAT(GrantFromWire(With(field, std::string("secret\0x", 8))),
                HasReplyCode(::common::PROTOCOL_ERROR))
        << field.name;
  }
}

TEST(SignInWire, PermissionsThatAreTrueAreAllThatIsWanted) {
  EXPECT_EQ(WantedWith({}), kAnything);
  EXPECT_EQ(WantedWith({{::common::USER_LIST, true}, {::common::ROOM_LIST, true}}), kLists);
  EXPECT_EQ(WantedWith({{::common::USER_LIST, true}, {::common::ROOM_LIST, false}}),
            PermissionSet{Permission::kUserList});
  EXPECT_EQ(WantedWith({{::common::USER_LIST, false}}), kAnything.Without({Permission::kUserList}));
}

TEST(SignInWire, NoneStripsAllPermissions) {
  EXPECT_EQ(WantedWith({{::common::NONE, true}}), PermissionSet{});
  EXPECT_EQ(WantedWith({{::common::NONE, true}, {::common::USER_LIST, true}}), PermissionSet{});
  EXPECT_EQ(WantedWith({{::common::NONE, false}}), kAnything);
}

// Asking for more than the method has simply does not give it.
TEST(SignInWire, WhatIsNoPermissionIsNotGivenAndWidensNothing) {
  EXPECT_EQ(WantedWith({{4711, true}}), PermissionSet{});
  EXPECT_EQ(WantedWith({{-1, true}, {0, true}}), PermissionSet{});
  EXPECT_EQ(WantedWith({{4711, true}, {::common::USER_LIST, true}}),
            PermissionSet{Permission::kUserList});
}

TEST(SignInWire, EveryGrantTakesTheWantedPermissions) {
  std::vector<AuthenticationRequest> requests = {ByPassword(), ByCode(), ByGuestAccess(),
                                                 ByRefreshToken()};
  for (AuthenticationRequest& request : requests) {
    (*request.mutable_permissions())[::common::USER_LIST] = true;
  }
  const PermissionSet wanted{Permission::kUserList};
  EXPECT_EQ(GrantOf<PasswordGrant>(requests[0]).wanted, wanted);
  EXPECT_EQ(GrantOf<CodeGrant>(requests[1]).wanted, wanted);
  EXPECT_EQ(GrantOf<GuestGrant>(requests[2]).wanted, wanted);
  EXPECT_EQ(GrantOf<RefreshGrant>(requests[3]).wanted, wanted);
}

TEST(SignInWire, StatusAndMetadataAreIgnoredInSigningIn) {
  AuthenticationRequest request = ByPassword();
  request.set_accountstatus(static_cast<wire::AccountStatus>(12345));
  (*request.mutable_metadata())[""] = std::string(5000, 'x');
  EXPECT_EQ(GrantOf<PasswordGrant>(request).username, "ann");
}

TEST(SignInWire, WhatHasBeenSignedInIsTold) {
  SignedIn signed_in;
  signed_in.access_token = std::string("\0\xff token", 8);
  signed_in.expires_at = absl::FromUnixSeconds(1893456000);
  signed_in.refresh_token = Secret("refresh");
  signed_in.user = UserId(kUserCanonical);
  signed_in.permissions = kLists;
  wire::AuthenticationReply reply;
  ToWire(signed_in, &reply);

  wire::AuthenticationReply expected;
  expected.set_accesstoken(signed_in.access_token);
  expected.set_expiresat(1893456000);
  expected.set_refreshtoken("refresh");
  expected.set_userid(kUserCanonical);
  expected.set_accountstatus(wire::ACTIVATED);
  (*expected.mutable_permissions())[::common::USER_LIST] = true;
  (*expected.mutable_permissions())[::common::ROOM_LIST] = true;
  EXPECT_THAT(reply, EqualsProto(expected));
}

TEST(SignInWire, TheStatusStandsBesideAnAccountStatusErrorAlone) {
  for (const auto& [status, expected] : std::map<AccountStatus, wire::AccountStatus>{
           {AccountStatus::kDeactivated, wire::DEACTIVATED},
           {AccountStatus::kLocked, wire::LOCKED},
           {AccountStatus::kPending, wire::PENDING},
           {AccountStatus::kDeleted, wire::DELETED}}) {
    wire::AuthenticationReply reply;
    AccountStatusToWire(AccountInactive(status), &reply);
    EXPECT_EQ(reply.accountstatus(), expected);
  }
  for (const absl::Status& other :
       {absl::OkStatus(), CredentialsRefused(), RefreshTokenRefused(), absl::InternalError("x")}) {
    wire::AuthenticationReply reply;
    AccountStatusToWire(other, &reply);
    EXPECT_THAT(reply, EqualsProto(wire::AuthenticationReply()));
  }
}

}  // namespace sign_in_wire_test
}  // namespace usher::auth
