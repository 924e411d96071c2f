#include "services/auth/session/tokens.h"

#include <cstdint>
#include <limits>

#include "tests/support/tokens_test_base.h"

namespace usher::auth {
namespace tokens_test {

auto IsNotFound() { return HasReplyCode(::common::NOT_FOUND); }

int64_t Seconds(absl::Time time) { return absl::ToUnixSeconds(time); }

class TokensTest : public TokensTestBase {
 protected:
  static TokenWish ForOneselfUntil(int64_t expires_at) {
    TokenWish wish = ForOneself();
    wish.expires_at = absl::FromUnixSeconds(expires_at);
    return wish;
  }
};

TEST_F(TokensTest, ForOneselfItIsTheSameAccountInTheSameSession) {
  const Caller caller = Member().With(kLists);
  const auto made = Sign(caller, ForOneself(kLists));
  ASSERT_OK(made);
  const auto token = verifier_.Verify(made->bytes);
  ASSERT_OK(token);
  EXPECT_EQ((*token)->type, token::TokenType::kAccess);
  EXPECT_EQ((*token)->user, caller.user());
  EXPECT_EQ((*token)->company, caller.company());
  EXPECT_EQ((*token)->session, caller.token().session);
  EXPECT_EQ((*token)->permissions, kLists);
  EXPECT_EQ((*token)->issued_at, caller.token().issued_at);
  EXPECT_EQ((*token)->not_before, caller.token().issued_at);
  EXPECT_EQ((*token)->expires_at, Own());
  EXPECT_NE((*token)->token_id, caller.token().token_id);
  EXPECT_FALSE((*token)->guest);
  EXPECT_FALSE((*token)->extension_disallowed);
  EXPECT_EQ(made->token.expires_at, Own());
  EXPECT_EQ(made->token.permissions, kLists);
}

// L7.
TEST_F(TokensTest, ForOneselfThereAreFewerPermissionsAndNeverMore) {
  const Caller caller = Member().With(kLists);
  EXPECT_EQ(Signed(caller, ForOneself({Permission::kRoomList})).permissions,
            PermissionSet{Permission::kRoomList});
  EXPECT_EQ(Signed(caller, ForOneself()).permissions, PermissionSet{});
  EXPECT_THAT(Sign(caller, ForOneself(kLists.Or({Permission::kUserShow}))), IsRefused());
  EXPECT_THAT(Sign(caller, ForOneself({Permission::kCompanyAdmin})), IsRefused());
  EXPECT_THAT(Sign(Member(), ForOneself({Permission::kRoomList})), IsRefused());
}

// GRANT_PERMISSIONS is for giving to others what one holds.
TEST_F(TokensTest, AnAdministratorWidensTheOwnTokenNeither) {
  const Caller caller = Member().With({Permission::kGrantPermissions, Permission::kUserAdmin});
  EXPECT_THAT(Sign(caller, ForOneself({Permission::kRoomAdmin})), IsRefused());
}

TEST_F(TokensTest, TheOwnCompanyMayBeNamedAndNoOther) {
  MadeUser("ann");
  TokenWish wish = ForOneself();
  wish.company = CompanyId("acme");
  EXPECT_OK(Sign(Member(), wish));
  for (const char* company : {"beta", "unknown", ""}) {
    wish.company = CompanyId(company);
    EXPECT_THAT(Sign(Member().With(kCompanyAdministrator).With(kPlatformPermissions), wish),
                IsNotFound())
        << company;
  }
}

TEST_F(TokensTest, UpToTheOwnExpiryAnyExpiryWillDo) {
  for (const absl::Time end : {clock_.Now() + absl::Seconds(1), Own() - absl::Seconds(1), Own()}) {
    EXPECT_EQ(Signed(Member(), ForOneselfUntil(Seconds(end))).expires_at, end);
    EXPECT_EQ(Signed(Member().WithoutExtension(), ForOneselfUntil(Seconds(end))).expires_at, end);
  }
}

TEST_F(TokensTest, ATokenThatLastsLongerThanAccessTokensDoCanBeSplitLikewise) {
  const absl::Time own = clock_.Now() + absl::Hours(5);
  const absl::Time end = own - absl::Seconds(1);
  EXPECT_EQ(Signed(Member().ExpiringAt(own), ForOneselfUntil(Seconds(end))).expires_at, end);
}

// L7: 0, negative, the largest there is.
TEST_F(TokensTest, AnExpiryThatHasPassedOrThatNoTokenReachesIsOutOfRange) {
  const UserId ann = MadeUser("ann");
  for (const int64_t expires_at :
       {Seconds(clock_.Now()), Seconds(clock_.Now()) - 1, int64_t{1}, int64_t{-1},
        std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max(),
        Seconds(clock_.Now() + absl::Hours(1)) + 1}) {
    EXPECT_THAT(Sign(Member(), ForOneselfUntil(expires_at)), IsBeyondLimit()) << expires_at;
    TokenWish wish = For(ann);
    wish.expires_at = absl::FromUnixSeconds(expires_at);
    EXPECT_THAT(Sign(UserAdministrator(), wish), IsBeyondLimit()) << expires_at;
  }
}

class TokensForGuestsTest : public TokensTestBase {
 protected:
  ACaller Guest() const { return Member().As(kCallerId).AsGuest("Gus"); }
  ACaller SharedGuest() const { return Guest().OfSharedAccess(access_); }

  const UserId access_{NewUuid()};
};

TEST_F(TokensForGuestsTest, AGuestStaysTheSameGuest) {
  TokenWish named = ForOneself();
  named.guest = true;
  named.display_name = "Gus";
  named.base_permissions_id = access_;
  for (const TokenWish& wish : {ForOneself(), named}) {
    const token::AccessToken token = Signed(SharedGuest(), wish);
    EXPECT_TRUE(token.guest);
    EXPECT_EQ(token.display_name, "Gus");
    EXPECT_EQ(token.base_permissions_id, access_);
  }
  const token::AccessToken token = Signed(Guest(), ForOneself());
  EXPECT_TRUE(token.guest);
  EXPECT_EQ(token.display_name, "Gus");
  EXPECT_TRUE(token.base_permissions_id.empty());
}

// L7, L10: isGuest and basePermissionsId stay.
TEST_F(TokensForGuestsTest, AGuestTakesNoOtherNameAndNoOtherRights) {
  TokenWish wish = ForOneself();
  wish.display_name = "Somebody else";
  EXPECT_THAT(Sign(Guest(), wish), IsRefused());
  wish = ForOneself();
  wish.base_permissions_id = UserId(NewUuid());
  EXPECT_THAT(Sign(Guest(), wish), IsRefused());
  EXPECT_THAT(Sign(SharedGuest(), wish), IsRefused());
  EXPECT_THAT(Sign(Guest(), ForOneself({Permission::kRoomList})), IsRefused());
}

TEST_F(TokensForGuestsTest, GuestsSignForNobodyElse) {
  const UserId ann = MadeUser("ann");
  EXPECT_THAT(Sign(Guest().With(Permission::kUserAdmin), For(ann)), IsRefused());
  EXPECT_THAT(Sign(SharedGuest().With(Permission::kUserAdmin), For(access_)), IsRefused());
}

// L7.
TEST_F(TokensForGuestsTest, AUserBecomesNoGuest) {
  TokenWish wish = ForOneself();
  wish.guest = true;
  EXPECT_THAT(Sign(Member(), wish), IsRefused());
  wish = ForOneself();
  wish.display_name = "Somebody else";
  EXPECT_THAT(Sign(Member(), wish), IsRefused());
  wish = ForOneself();
  wish.base_permissions_id = access_;
  EXPECT_THAT(Sign(Member(), wish), IsRefused());
}

}  // namespace tokens_test
}  // namespace usher::auth
