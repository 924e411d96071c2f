// What sign_in_wire.h makes of the fields of credentials.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "services/auth/session/sign_in_wire.h"
#include "tests/support/sign_in_requests.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace sign_in_fields_wire_test {

using ::authentication::AuthenticationRequest;

constexpr char kUserCanonical[] = "01900000-0000-7000-8000-00000000abcd";
constexpr PermissionSet kAnything = PermissionSet::FromMask(~uint32_t{0});

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

}  // namespace sign_in_fields_wire_test
}  // namespace usher::auth
