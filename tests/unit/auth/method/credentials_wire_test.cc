// What method_wire.h makes of credentials, in requests to make and to change methods.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/auth/method/method_wire.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace credentials_wire_test {

namespace wire = ::authentication;

constexpr char kUser[] = "01900000-0000-7000-8000-00000000ABCD";
constexpr char kUserCanonical[] = "01900000-0000-7000-8000-00000000abcd";

TEST(MethodWire, CredentialsAreRead) {
  wire::AuthenticationRequest request;
  auto& given = *request.mutable_usernamepasswordcredentials();
  given.set_username("  Ann ");
  given.set_password(" secret ");
  given.set_current("before");
  given.set_companyid("ACME");
  (*request.mutable_permissions())[4] = true;
  (*request.mutable_permissions())[5] = false;
  request.set_accountstatus(wire::PENDING);
  (*request.mutable_metadata())["a"] = "b";
  const auto wish = FromWire(request);
  ASSERT_OK(wish);
  const auto& body = std::get<PasswordCredentials>(wish->credentials->body);
  EXPECT_EQ(wish->credentials->company, CompanyId("acme"));
  EXPECT_EQ(body.username, "Ann");
  EXPECT_EQ(body.password.Reveal(), " secret ");  // secrets are as they are
  EXPECT_EQ(body.current.Reveal(), "before");
  EXPECT_FALSE(body.with_reset_token);
  EXPECT_EQ(wish->permissions.give, PermissionSet{Permission::kUserList});
  EXPECT_EQ(wish->permissions.take, PermissionSet{Permission::kUserAdmin});
  EXPECT_EQ(wish->status, AccountStatus::kPending);
  EXPECT_EQ(wish->metadata, (text::Metadata{{"a", "b"}}));
}

TEST(MethodWire, CredentialsThatNameACompanyAloneAreAboutTheUserThere) {
  wire::AuthenticationUpdateRequest request;
  request.set_userid(kUser);
  auto& change = *request.mutable_authenticationrequest();
  change.set_accountstatus(wire::DEACTIVATED);
  change.mutable_usernamepasswordcredentials()->set_companyid("ACME");
  auto wish = FromWire(request);
  ASSERT_OK(wish);
  EXPECT_EQ(wish->company, CompanyId("acme"));
  EXPECT_FALSE(wish->method.credentials.has_value());
  EXPECT_EQ(wish->method.status, AccountStatus::kDeactivated);
  change.clear_usernamepasswordcredentials();
  change.mutable_authorizationcodecredentials()->set_companyid("acme");
  EXPECT_EQ(FromWire(request)->company, CompanyId("acme"));
  // Whatever else is in them is about a method, whose name is missing then.
  change.mutable_authorizationcodecredentials()->set_code("secret");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
  change.mutable_authorizationcodecredentials()->clear_code();
  change.mutable_authorizationcodecredentials()->clear_companyid();
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
  change.mutable_authorizationcodecredentials()->set_companyid("acme");
  change.mutable_usernamepasswordcredentials()->set_companyid("acme");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
}

// Where there is something to make, there is no such reading.
TEST(MethodWire, CredentialsThatNameACompanyAloneMakeNothing) {
  wire::AuthenticationRequest request;
  request.mutable_usernamepasswordcredentials()->set_companyid("acme");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
}

TEST(MethodWire, TwoCredentialsAreOneTooMany) {
  wire::AuthenticationRequest request;
  request.mutable_usernamepasswordcredentials()->set_username("ann");
  request.mutable_authorizationcodecredentials()->set_clientid("client");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
  EXPECT_FALSE(FromWire(wire::AuthenticationRequest())->credentials.has_value());
}

// G6.
TEST(MethodWire, NamesAndSecretsWithNulAreRefused) {
  wire::AuthenticationRequest request;
  auto& given = *request.mutable_usernamepasswordcredentials();
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
  given.set_username(std::string("admin\0x", 7));
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
  given.set_username("ann");
  given.set_password(std::string("secret\0x", 8));
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
  given.set_password(std::string(1025, 'x'));
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  given.set_password("");
  request.set_accountstatus(static_cast<wire::AccountStatus>(12345));
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
  request.set_accountstatus(wire::DEFAULT);
  (*request.mutable_permissions())[4711] = true;
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
}

// G6.
// F06, S21.
TEST(MethodWire, ANameToSignInWithHasNothingThatCannotBeSeenUnlessItIsToBeRemoved) {
  for (const char* name : {"ad\u200bmin", "ad\u00a0min", "admin\u3164", "\u00adadmin"}) {
    wire::AuthenticationUpdateRequest update;
    update.set_userid(kUser);
    wire::AuthenticationRequest& request = *update.mutable_authenticationrequest();
    for (const bool by_password : {true, false}) {
      request.Clear();
      if (by_password) {
        request.mutable_usernamepasswordcredentials()->set_username(name);
      } else {
        request.mutable_authorizationcodecredentials()->set_clientid(name);
      }
      EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR)) << name;
      EXPECT_THAT(FromWire(update), HasReplyCode(::common::PROTOCOL_ERROR)) << name;
      request.set_accountstatus(wire::DELETED);
      EXPECT_OK(FromWire(update)) << name;
    }
  }
  wire::AuthenticationRequest guest;
  guest.mutable_guestaccesscredentials()->set_email("a\u200bnn@example.org");
  EXPECT_THAT(FromWire(guest), HasReplyCode(::common::PROTOCOL_ERROR));
}

TEST(MethodWire, GuestAccessesAreRead) {
  wire::AuthenticationRequest request;
  auto& given = *request.mutable_guestaccesscredentials();
  given.set_code("code");
  given.set_roomid(kUser);
  given.set_email("guest@example.org");
  given.set_expiry(-1);
  given.set_shareable(true);
  const auto wish = FromWire(request);
  ASSERT_OK(wish);
  const auto& body = std::get<GuestCredentials>(wish->credentials->body);
  EXPECT_EQ(body.room, RoomId(kUserCanonical));
  EXPECT_EQ(body.expiry, absl::InfiniteFuture());
  EXPECT_TRUE(body.shareable);
  given.set_email("no address");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
  given.set_roomid("x");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::ROOM_ID_INVALID));
  given.set_userid("x");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::USER_ID_INVALID));
}

TEST(MethodWire, AGuestAccessEndsAtATimeNeverOrWhenNothingIsSaid) {
  const auto read = [](int64_t expiry) -> absl::StatusOr<std::optional<absl::Time>> {
    wire::AuthenticationRequest request;
    request.mutable_guestaccesscredentials()->set_expiry(expiry);
    const auto wish = FromWire(request);
    if (!wish.ok()) return wish.status();
    return std::get<GuestCredentials>(wish->credentials->body).expiry;
  };
  EXPECT_EQ(*read(0), std::nullopt);
  EXPECT_EQ(*read(-1), absl::InfiniteFuture());
  EXPECT_EQ(*read(1893456000), absl::FromUnixSeconds(1893456000));
  EXPECT_EQ(*read(253402300799), absl::FromUnixSeconds(253402300799));
  for (const int64_t expiry : {int64_t{-2}, int64_t{253402300800}, INT64_MIN, INT64_MAX}) {
    EXPECT_THAT(read(expiry), HasReplyCode(::common::RANGE_ERROR)) << expiry;
  }
}

TEST(MethodWire, EveryKindOfCredentialsNamesItsCompanyInLettersOfAnySizeOrNone) {
  for (const char* kind :
       {"usernamePasswordCredentials", "authorizationCodeCredentials", "guestAccessCredentials",
        "refreshTokenCredentials", "ldapCredentials", "activationTokenCredentials"}) {
    for (const auto& [text, company] :
         std::vector<std::pair<std::string, std::optional<CompanyId>>>{
             {"", std::nullopt},
             {"ACME", CompanyId("acme")},
             {"no company", CompanyId()},
             {std::string(60000, 'A'), CompanyId()}}) {
      wire::AuthenticationRequest request;
      auto* given = request.GetReflection()->MutableMessage(
          &request, request.GetDescriptor()->FindFieldByName(kind));
      const auto set = [given](const char* name, const std::string& value) {
        const auto* field = given->GetDescriptor()->FindFieldByName(name);
        if (field != nullptr) given->GetReflection()->SetString(given, field, value);
      };
      set("username", "ann");
      set("clientId", "client");
      set("principal", kUser);
      set("companyId", text);
      const auto wish = FromWire(request);
      ASSERT_OK(wish) << kind;
      EXPECT_EQ(wish->credentials->company, company) << kind << text.substr(0, 20);
    }
  }
}

TEST(MethodWire, AnUpdateNamesItsUserAndSessionsByTheirId) {
  wire::AuthenticationUpdateRequest request;
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
  request.set_userid("ann");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::USER_ID_INVALID));
  request.set_userid(kUser);
  request.set_removeall(true);
  auto& session = *request.mutable_authenticationrequest()->mutable_refreshtokencredentials();
  session.set_principal("ann");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
  session.set_principal(kUser);
  const auto wish = FromWire(request);
  ASSERT_OK(wish);
  EXPECT_EQ(wish->user, UserId(kUserCanonical));
  EXPECT_TRUE(wish->remove_all);
  EXPECT_EQ(std::get<SessionCredentials>(wish->method.credentials->body).session,
            SessionId(kUserCanonical));
}

TEST(MethodWire, WhatIsNoMethodIsRefused) {
  wire::AuthenticationRequest request;
  request.mutable_companyswitchcredentials();
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
  request.clear_companyswitchcredentials();
  request.mutable_usernamepasswordcredentials()->set_username("ann");
  request.mutable_activationtokencredentials()->set_activationtoken("t");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR))
      << "an invitation is accepted by an update alone";
}

TEST(MethodWire, AnAccountOfADirectoryIsNamedAndWhatElseIsSaidIsRead) {
  wire::AuthenticationRequest request;
  auto& given = *request.mutable_ldapcredentials();
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::REQUEST_EMPTY));
  given.set_username("ann");
  given.set_password("secret");
  given.set_binddn("uid=ann");
  given.set_searchdn("dc=org");
  const auto wish = FromWire(request);
  ASSERT_OK(wish);
  const auto& body = std::get<DirectoryCredentials>(wish->credentials->body);
  EXPECT_EQ(body.username, "ann");
  EXPECT_EQ(body.password.Reveal(), "secret");
  EXPECT_EQ(body.bind_dn, "uid=ann");
  EXPECT_EQ(body.search_dn, "dc=org");
  given.set_username("ann\u200b");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
}

TEST(MethodWire, AnInvitationSaysWhatItMayCreate) {
  wire::AuthenticationRequest request;
  auto& given = *request.mutable_activationtokencredentials();
  given.set_activationtoken("token");
  given.set_code("code");
  given.set_keytype("authorization_code");
  given.set_principal("client");
  given.set_expiry(1);
  given.set_finishsignupurl("https://example.org");
  given.set_resendinvitation(true);
  const auto wish = FromWire(request);
  ASSERT_OK(wish);
  const auto& body = std::get<InvitationCredentials>(wish->credentials->body);
  EXPECT_EQ(body.token, "token");
  EXPECT_EQ(body.code.Reveal(), "code");
  EXPECT_EQ(body.key_type, KeyType::kAuthorizationCode);
  EXPECT_EQ(body.principal, "client");
  EXPECT_EQ(body.expiry, absl::FromUnixSeconds(1));
  EXPECT_EQ(body.finish_url, "https://example.org");
  EXPECT_TRUE(body.resend);
  given.set_keytype("no such type");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
  given.set_keytype("");
  given.set_expiry(-1);
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::RANGE_ERROR));
  given.set_expiry(0);
  given.set_activationtoken("a\nb");
  EXPECT_THAT(FromWire(request), HasReplyCode(::common::PROTOCOL_ERROR));
}

}  // namespace credentials_wire_test
}  // namespace usher::auth
