#include "services/auth/session/tokens.h"

#include <cstdint>
#include <limits>
#include <vector>

#include "tests/support/sign_in_test_base.h"

namespace usher::auth {
namespace tokens_test {

constexpr PermissionSet kLists{Permission::kUserList, Permission::kRoomList};

auto IsRefused() { return HasReplyCode(::common::INSUFFICIENT_PERMISSIONS); }
auto IsBeyondLimit() { return HasReplyCode(::common::RANGE_ERROR); }
auto IsNotFound() { return HasReplyCode(::common::NOT_FOUND); }

int64_t Seconds(absl::Time time) { return absl::ToUnixSeconds(time); }

class TokensTest : public SignInTestBase {
 protected:
  // Callers whose token lasts another half hour.
  ACaller Member() const {
    return ACaller().IssuedAt(clock_.Now() - absl::Minutes(30)).ExpiringAt(Own());
  }
  ACaller UserAdministrator() const { return Member().With(Permission::kUserAdmin); }
  absl::Time Own() const { return clock_.Now() + absl::Minutes(30); }

  static TokenWish For(const UserId& user, PermissionSet permissions = {}) {
    return {.user = user, .permissions = permissions};
  }
  static TokenWish ForOneself(PermissionSet permissions = {}) {
    return For(UserId(kCallerId), permissions);
  }
  static TokenWish ForOneselfUntil(int64_t expires_at) {
    TokenWish wish = ForOneself();
    wish.expires_at = absl::FromUnixSeconds(expires_at);
    return wish;
  }

  absl::StatusOr<SignedToken> Sign(const Caller& caller, const TokenWish& wish) {
    return tokens_.SignAccessToken(caller, wish);
  }
  // The token that comes out, as it is read by others.
  token::AccessToken Signed(const Caller& caller, const TokenWish& wish) {
    const auto made = Sign(caller, wish);
    EXPECT_OK(made);
    return made.ok() ? Read(made->bytes) : token::AccessToken();
  }
  // A caller with that token.
  static ACaller Holder(const token::AccessToken& token) {
    ACaller caller;
    caller.As(token.user).In(token.company).With(token.permissions).InSession(token.session);
    caller.IssuedAt(token.issued_at).ExpiringAt(token.expires_at);
    if (token.guest) caller.AsGuest(token.display_name);
    if (!token.base_permissions_id.empty()) caller.OfSharedAccess(token.base_permissions_id);
    if (token.extension_disallowed) caller.WithoutExtension();
    return caller;
  }

  Tokens tokens_{sessions_, signer_, clock_, Lifetimes()};
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

class TokenExtensionTest : public TokensTest {
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

class TokensForGuestsTest : public TokensTest {
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

class JoinTokensTest : public TokensTest {
 protected:
  token::AccessToken Joining(const Caller& caller, absl::Time expires_at = absl::UnixEpoch()) {
    const auto made = tokens_.SignJoinToken(
        caller, {.room = room_, .expires_at = absl::ToUnixSeconds(expires_at)});
    EXPECT_OK(made);
    return made.ok() ? Read(made->bytes) : token::AccessToken();
  }
  const RoomId room_{NewUuid()};
};

TEST_F(JoinTokensTest, AJoinTokenIsForOneRoomWithoutPermissions) {
  const Caller caller = Member().With(kLists);
  const auto made = tokens_.SignJoinToken(caller, {.room = room_});
  ASSERT_OK(made);
  const auto token = verifier_.Verify(made->bytes);
  ASSERT_OK(token);
  EXPECT_EQ((*token)->type, token::TokenType::kJoin);
  EXPECT_EQ((*token)->only_room, room_);
  EXPECT_EQ((*token)->permissions, PermissionSet{});
  EXPECT_TRUE((*token)->extension_disallowed);
  EXPECT_EQ((*token)->user, caller.user());
  EXPECT_EQ((*token)->company, caller.company());
  EXPECT_EQ((*token)->session, caller.token().session);
  EXPECT_EQ((*token)->issued_at, caller.token().issued_at);
  EXPECT_NE((*token)->token_id, caller.token().token_id);
  EXPECT_EQ(made->token.expires_at, (*token)->expires_at);
  EXPECT_FALSE((*token)->room_admin);
}

TEST_F(JoinTokensTest, AJoinTokenLivesNoLongerThanTheCallersAndThanAccessTokensDo) {
  EXPECT_EQ(Joining(Member()).expires_at, Own());
  EXPECT_EQ(Joining(Member().ExpiringAt(clock_.Now() + absl::Hours(24))).expires_at,
            clock_.Now() + absl::Hours(1));
}

TEST_F(JoinTokensTest, AWishedEndOnlyEverShortensAJoinToken) {
  const absl::Time soon = clock_.Now() + absl::Seconds(1);
  EXPECT_EQ(Joining(Member(), soon).expires_at, soon);
  EXPECT_EQ(Joining(Member(), Own() + absl::Seconds(1)).expires_at, Own());
  EXPECT_EQ(
      Joining(Member().ExpiringAt(clock_.Now() + absl::Hours(24)), clock_.Now() + absl::Hours(2))
          .expires_at,
      clock_.Now() + absl::Hours(1));
}

TEST_F(JoinTokensTest, AJoinTokenDoesNotEndInThePast) {
  for (const int64_t end : {absl::ToUnixSeconds(clock_.Now()), int64_t{1}, int64_t{-1},
                            std::numeric_limits<int64_t>::min()}) {
    EXPECT_THAT(tokens_.SignJoinToken(Member(), {.room = room_, .expires_at = end}),
                HasReplyCode(::common::RANGE_ERROR))
        << end;
  }
}

// Whatever the room service asks for.
TEST_F(JoinTokensTest, AJoinTokenAdministersItsRoomForHoldersOfRoomAdminAlone) {
  const JoinTokenWish wish{.room = room_, .room_admin = true};
  const auto made = tokens_.SignJoinToken(Member().With(Permission::kRoomAdmin), wish);
  ASSERT_OK(made);
  const token::AccessToken token = Read(made->bytes);
  EXPECT_TRUE(token.room_admin);
  EXPECT_EQ(token.only_room, room_);
  EXPECT_EQ(token.permissions, PermissionSet{});
  EXPECT_THAT(
      tokens_.SignJoinToken(Member().With({Permission::kRoomList, Permission::kRoomCreate}), wish),
      HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(tokens_.SignJoinToken(Member().With(Permission::kRoomAdmin).AsGuest("Gus"), wish),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(JoinTokensTest, AGuestJoinsAsTheSameGuest) {
  const UserId access(NewUuid());
  const token::AccessToken token = Joining(Member().AsGuest("Gus").OfSharedAccess(access));
  EXPECT_TRUE(token.guest);
  EXPECT_EQ(token.display_name, "Gus");
  EXPECT_EQ(token.base_permissions_id, access);
  EXPECT_FALSE(Joining(Member()).guest);
}

}  // namespace tokens_test
}  // namespace usher::auth
