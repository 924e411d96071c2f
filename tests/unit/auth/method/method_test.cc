#include "services/auth/method/method.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace method_test {

const absl::Time kNow = absl::FromUnixSeconds(1893456000);
const CompanyId kAcme("acme");

TEST(Method, KeyTypesAreNamedAsOnTheWire) {
  for (const char* name : {"password", "authorization_code", "ldap", "guest_access",
                           "activation_token", "password_reset", "oauth2", "refresh_token"}) {
    ASSERT_TRUE(ParseKeyType(name).has_value()) << name;
    EXPECT_STREQ(KeyTypeName(*ParseKeyType(name)), name);
  }
  EXPECT_FALSE(ParseKeyType("Password").has_value());
  EXPECT_FALSE(ParseKeyType("").has_value());
}

TEST(Method, NamesAreComparedFoldedAndGuestsByTheirCanonicalId) {
  EXPECT_EQ(PrincipalKey(KeyType::kPassword, "ÄNN@Example.org"),
            PrincipalKey(KeyType::kPassword, "änn@example.org"));
  EXPECT_NE(PrincipalKey(KeyType::kPassword, "ann"), PrincipalKey(KeyType::kPassword, "anna"));
  EXPECT_EQ(PrincipalKey(KeyType::kGuestAccess, "01900000-0000-7000-8000-00000000ABCD"),
            "01900000-0000-7000-8000-00000000abcd");
  EXPECT_EQ(PrincipalKey(KeyType::kActivationToken, "AbC"), "AbC");
}

TEST(Method, LiveIsWhatIsActiveInEveryRespect) {
  for (const AccountStatus status : {AccountStatus::kDeactivated, AccountStatus::kLocked,
                                     AccountStatus::kPending, AccountStatus::kDeleted}) {
    MethodStanding by_method;
    by_method.method.status = status;
    EXPECT_EQ(EffectiveStatus(by_method, kNow), status);
    MethodStanding by_user;
    by_user.user_status = status;
    EXPECT_EQ(EffectiveStatus(by_user, kNow), status);
  }
  MethodStanding standing;
  EXPECT_EQ(EffectiveStatus(standing, kNow), AccountStatus::kActivated);
  standing.method.expires_at = kNow + absl::Seconds(1);
  EXPECT_EQ(EffectiveStatus(standing, kNow), AccountStatus::kActivated);
  standing.method.expires_at = kNow;
  EXPECT_EQ(EffectiveStatus(standing, kNow), AccountStatus::kDeactivated);
  standing.method.expires_at.reset();
  standing.company_active = false;
  EXPECT_EQ(EffectiveStatus(standing, kNow), AccountStatus::kDeleted);
}

TEST(Method, AnAccountIsActiveWhileCompanyUserAndOneOfItsMethodsAre) {
  UserStanding standing;
  EXPECT_EQ(EffectiveStatus(standing), AccountStatus::kActivated);
  standing.methods = AccountStatus::kPending;
  EXPECT_EQ(EffectiveStatus(standing), AccountStatus::kPending);
  standing.status = AccountStatus::kLocked;
  EXPECT_EQ(EffectiveStatus(standing), AccountStatus::kLocked);
  standing.company_active = false;
  EXPECT_EQ(EffectiveStatus(standing), AccountStatus::kDeleted);
}

TEST(Method, AGuestAccessEndsIn30DaysUnlessToldOtherwise) {
  EXPECT_EQ(*GuestExpiry(std::nullopt, kNow), kNow + absl::Hours(24 * 30));
  EXPECT_EQ(*GuestExpiry(absl::InfiniteFuture(), kNow), std::nullopt);
  EXPECT_EQ(*GuestExpiry(kNow + absl::Seconds(1), kNow), kNow + absl::Seconds(1));
  for (const absl::Time expiry : {kNow, absl::FromUnixSeconds(1), absl::InfinitePast()}) {
    EXPECT_THAT(GuestExpiry(expiry, kNow), HasReplyCode(::common::RANGE_ERROR)) << expiry;
  }
}

TEST(Method, PasswordsAreLongEnoughAndNotTheFirstThatAreTried) {
  EXPECT_OK(CheckNewPassword(Secret("kq8#vTz!"), "ann", kAcme));
  EXPECT_OK(CheckNewPassword(Secret("ÄÖÜäöüßé"), "ann", kAcme));
  EXPECT_THAT(CheckNewPassword(Secret("ÄÖÜäöüß"), "ann", kAcme),
              HasReplyCode(::common::PROTOCOL_ERROR));
  for (const char* common : {"password", "PassWord1", "12345678", "Qwerty123", "usher123"}) {
    EXPECT_THAT(CheckNewPassword(Secret(common), "ann", kAcme),
                HasReplyCode(::common::ACTION_INVALID))
        << common;
  }
  EXPECT_THAT(CheckNewPassword(Secret("Ann.Smith@Example.org"), "ann.smith@example.org", kAcme),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_THAT(CheckNewPassword(Secret("Acme-Corporation"), "ann", CompanyId("acme-corporation")),
              HasReplyCode(::common::ACTION_INVALID));
}

TEST(Method, AGuestAccessShowsWhatItIs) {
  Method method;
  method.key_type = KeyType::kGuestAccess;
  method.metadata = {{"note", "x"}, {"roomId", "forged"}};
  method.room = RoomId("01900000-0000-7000-8000-00000000abcd");
  method.email = "guest@example.org";
  method.display_name = "Guest";
  method.shareable = true;
  EXPECT_EQ(ShownMetadata(method), (text::Metadata{{"note", "x"},
                                                   {"roomId", method.room.value()},
                                                   {"email", "guest@example.org"},
                                                   {"displayName", "Guest"},
                                                   {"expiry", "-1"},
                                                   {"shareable", "true"}}));
  method.expires_at = kNow;
  EXPECT_EQ(ShownMetadata(method)["expiry"], "1893456000");
  method.key_type = KeyType::kPassword;
  EXPECT_EQ(ShownMetadata(method), method.metadata);
}

}  // namespace method_test
}  // namespace usher::auth
