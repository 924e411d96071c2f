// Tokens of tokens.h that last longer than the one that they are made from.
#include <optional>

#include "services/auth/session/tokens.h"
#include "tests/support/tokens_test_base.h"

namespace usher::auth {
namespace token_extension_test {

class TokenExtensionTest : public TokensTestBase {
 protected:
  // The caller is Ann, half an hour after she signed in.
  TokenExtensionTest() { clock_.Advance(absl::Minutes(30)); }
  ACaller Ann() { return Holder(Read(signed_in_.access_token)); }
  TokenWish Until(absl::Time time, PermissionSet permissions = {}) const {
    TokenWish wish = For(ann_, permissions);
    wish.expires_at = time;
    return wish;
  }
  absl::Time Longest() const { return clock_.Now() + absl::Hours(1); }

  const UserId ann_ = MadeUser("ann", kLists);
  const MethodKey method_ = Key(KeyType::kPassword, "ann");
  const SignedIn signed_in_ = SignedInAs("ann");
};

TEST_F(TokenExtensionTest, BeyondTheOwnExpiryItGoesUpToTheAccessLifetime) {
  EXPECT_EQ(Signed(Ann(), Until(signed_in_.expires_at + absl::Seconds(1))).expires_at,
            signed_in_.expires_at + absl::Seconds(1));
  EXPECT_EQ(Signed(Ann(), Until(Longest(), kLists)).expires_at, Longest());
  EXPECT_THAT(Sign(Ann(), Until(Longest() + absl::Seconds(1))), IsBeyondLimit());
}

// What ends the session ends the longer token too, at whatever time that is heard of.
TEST_F(TokenExtensionTest, AnExtendedTokenIsAsOldAsTheOneThatItWasMadeFrom) {
  EXPECT_EQ(Signed(Ann(), Until(Longest())).issued_at, Read(signed_in_.access_token).issued_at);
}

// L7: also the grandchild.
TEST_F(TokenExtensionTest, ExtensionDisallowedForbidsOneSecondMore) {
  const absl::Time own = signed_in_.expires_at;
  EXPECT_OK(Sign(Ann().WithoutExtension(), Until(own)));
  EXPECT_THAT(Sign(Ann().WithoutExtension(), Until(own + absl::Seconds(1))), IsBeyondLimit());
}

TEST_F(TokenExtensionTest, ExtensionDisallowedIsInheritedAndNeverCleared) {
  TokenWish wish = Until(signed_in_.expires_at);
  EXPECT_FALSE(Signed(Ann(), wish).extension_disallowed);
  EXPECT_TRUE(Signed(Ann().WithoutExtension(), wish).extension_disallowed);
  wish.extension_disallowed = true;
  const token::AccessToken child = Signed(Ann(), wish);
  EXPECT_TRUE(child.extension_disallowed);

  wish.extension_disallowed = false;
  const token::AccessToken grandchild = Signed(Holder(child), wish);
  EXPECT_TRUE(grandchild.extension_disallowed);
  EXPECT_THAT(Sign(Holder(grandchild), Until(signed_in_.expires_at + absl::Seconds(1))),
              IsBeyondLimit());
}

TEST_F(TokenExtensionTest, AShorterChildIsExtendedNoFurtherThanItsParentCouldBe) {
  const token::AccessToken child = Signed(Ann(), Until(clock_.Now() + absl::Minutes(1)));
  EXPECT_OK(Sign(Holder(child), Until(Longest())));
  EXPECT_THAT(Sign(Holder(child), Until(Longest() + absl::Seconds(1))), IsBeyondLimit());
}

TEST_F(TokenExtensionTest, NothingOutlivesTheSession) {
  const absl::Time end = clock_.Now() + absl::Hours(24 * 30) - absl::Minutes(30);
  clock_.Set(end - absl::Minutes(10));
  const Caller caller = Ann().ExpiringAt(end - absl::Minutes(5));
  EXPECT_EQ(Signed(caller, Until(end)).expires_at, end);
  EXPECT_THAT(Sign(caller, Until(end + absl::Seconds(1))), IsBeyondLimit());
}

TEST_F(TokenExtensionTest, ASessionThatHasEndedExtendsNothing) {
  sessions_.Remove(Read(signed_in_.access_token).session);
  EXPECT_THAT(Sign(Ann(), Until(Longest())), IsBeyondLimit());
}

TEST_F(TokenExtensionTest, ACompanyThatIsSwitchedOffExtendsNothing) {
  store_.SwitchOff(CompanyId("acme"));
  EXPECT_EQ(StatusOf(Sign(Ann(), Until(Longest()))), AccountInactive(AccountStatus::kDeleted));
}

// Its sessions have ended with it.
TEST_F(TokenExtensionTest, AnAccountThatIsNotActiveExtendsNothing) {
  SetStatus(ann_, method_, AccountStatus::kLocked);
  EXPECT_THAT(Sign(Ann(), Until(Longest())), IsBeyondLimit());
  SetStatus(ann_, AccountStatus::kDeactivated);
  EXPECT_THAT(Sign(Ann(), Until(Longest())), IsBeyondLimit());
}

class ExtensionOfASignedTokenTest : public TokenExtensionTest {
 protected:
  // With a token that Ann has signed for it in her session.
  ACaller SignedFor(const UserId& user) {
    return Holder(Signed(Ann().With(Permission::kUserAdmin), For(user)));
  }
  absl::StatusOr<SignedToken> Prolong(const UserId& user, absl::Time until) {
    TokenWish wish = For(user);
    wish.expires_at = until;
    return Sign(SignedFor(user), wish);
  }
  const UserId bob_ = MadeUser("bob");
};

// The session is Ann's, and as good as before.
TEST_F(ExtensionOfASignedTokenTest, ItIsExtendedWhileTheAccountThatItWasSignedForIsActive) {
  const ACaller bob = SignedFor(bob_);
  TokenWish wish = For(bob_);
  wish.expires_at = Longest();
  EXPECT_OK(Sign(ACaller(bob), wish));
  SetStatus(bob_, Key(KeyType::kPassword, "bob"), AccountStatus::kDeactivated);
  EXPECT_EQ(StatusOf(Sign(ACaller(bob), wish)), AccountInactive(AccountStatus::kDeactivated));
  SetStatus(bob_, Key(KeyType::kPassword, "bob"), AccountStatus::kActivated);
  EXPECT_OK(Sign(ACaller(bob), wish));
  SetStatus(bob_, AccountStatus::kLocked);
  EXPECT_EQ(StatusOf(Sign(ACaller(bob), wish)), AccountInactive(AccountStatus::kLocked));
  SetStatus(bob_, AccountStatus::kActivated);
  ASSERT_OK(users_.Remove(Administrator(), bob_));
  EXPECT_EQ(StatusOf(Sign(ACaller(bob), wish)), AccountInactive(AccountStatus::kDeleted));
}

TEST_F(ExtensionOfASignedTokenTest, AUserWithoutMethodsIsAsGoodAsAnother) {
  const UserId user(NewUuid());
  ASSERT_OK(store_.EnsureUser(ACall(), CompanyId("acme"), user, std::nullopt));
  EXPECT_OK(Prolong(user, Longest()));
}

TEST_F(ExtensionOfASignedTokenTest, ATokenOfAGuestIsNotExtendedBeyondTheAccess) {
  const absl::Time end = clock_.Now() + absl::Minutes(45);
  const UserId guest = MadeGuest({.expiry = end});
  EXPECT_OK(Prolong(guest, end));
  EXPECT_THAT(Prolong(guest, end + absl::Seconds(1)), IsBeyondLimit());
}

TEST_F(TokenExtensionTest, PermissionsThatWereTakenAwayAreNotExtended) {
  SetPermissions(ann_, method_, {.take = {Permission::kUserList}});
  EXPECT_THAT(Sign(Ann(), Until(Longest(), kLists)), IsRefused());
  EXPECT_OK(Sign(Ann(), Until(Longest(), {Permission::kRoomList})));
  EXPECT_OK(Sign(Ann(), Until(signed_in_.expires_at, kLists)));
}

TEST_F(TokenExtensionTest, NothingIsDecidedWithoutADatabase) {
  store_.FailWith(Unreachable("the database"));
  EXPECT_THAT(Sign(Ann(), Until(Longest())), IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_OK(Sign(Ann(), Until(signed_in_.expires_at)));
}

}  // namespace token_extension_test
}  // namespace usher::auth
