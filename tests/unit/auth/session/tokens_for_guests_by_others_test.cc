// Access tokens that somebody signs for a guest.
#include "tests/support/tokens_for_others_test_base.h"

namespace usher::auth {
namespace tokens_for_guests_by_others_test {

using TokensForGuestsByOthersTest = TokensForOthersTestBase;

TEST_F(TokensForGuestsByOthersTest, AUserBecomesNoGuest) {
  TokenWish wish = For(ann_);
  wish.guest = true;
  EXPECT_THAT(Sign(UserAdministrator(), wish), IsRefused());
  wish = For(ann_);
  wish.display_name = "Somebody else";
  EXPECT_THAT(Sign(UserAdministrator(), wish), IsRefused());
  wish = For(ann_);
  wish.base_permissions_id = UserId(NewUuid());
  EXPECT_THAT(Sign(UserAdministrator(), wish), IsRefused());
}

TEST_F(TokensForGuestsByOthersTest, AGuestStaysAGuestWhoeverSigns) {
  const UserId guest = MadeGuest({.display_name = "Gus"});
  TokenWish wish = For(guest);
  const token::AccessToken token = Signed(UserAdministrator(), wish);
  EXPECT_TRUE(token.guest);
  EXPECT_EQ(token.display_name, "Gus");
  EXPECT_TRUE(token.base_permissions_id.empty());
  wish.guest = true;
  wish.display_name = "Given";
  EXPECT_EQ(Signed(UserAdministrator(), wish).display_name, "Given");
  wish.base_permissions_id = ann_;
  EXPECT_THAT(Sign(UserAdministrator(), wish), IsRefused());
}

TEST_F(TokensForGuestsByOthersTest, NoTokenOfAGuestOutlivesTheAccess) {
  const absl::Time end = clock_.Now() + absl::Minutes(10);
  const UserId guest = MadeGuest({.expiry = end});
  EXPECT_EQ(Signed(UserAdministrator(), For(guest)).expires_at, end);
  EXPECT_OK(Sign(UserAdministrator(), ForUntil(guest, end)));
  EXPECT_THAT(Sign(UserAdministrator(), ForUntil(guest, end + absl::Seconds(1))), IsBeyondLimit());
  clock_.Set(end);
  EXPECT_EQ(StatusOf(Sign(UserAdministrator(), For(guest))),
            AccountInactive(AccountStatus::kDeactivated));
}

TEST_F(TokensForGuestsByOthersTest, NoTokenIsSignedForAGuestWhoseAccessIsNotActive) {
  const UserId guest = MadeGuest();
  SetStatus(guest, Key(KeyType::kGuestAccess, guest.value()), AccountStatus::kLocked);
  EXPECT_EQ(StatusOf(Sign(UserAdministrator(), For(guest))),
            AccountInactive(AccountStatus::kLocked));
}

}  // namespace tokens_for_guests_by_others_test
}  // namespace usher::auth
