#include "services/auth/method/methods.h"

#include "tests/support/method_test_base.h"

namespace usher::auth {
namespace methods_test {

using MethodsTest = MethodTestBase;

TEST_F(MethodsTest, CreateMakesAUserWhoCanSignIn) {
  MethodWish wish = Password("Ann", kGoodPassword);
  wish.permissions.give = {Permission::kUserList};
  wish.metadata = {{"a", "b"}, {"none", ""}};
  const UserId user = Made(wish);
  const Method method = Find(KeyType::kPassword, "ann")->method;
  EXPECT_EQ(method.user, user);
  EXPECT_EQ(method.principal, "Ann");
  EXPECT_EQ(method.permissions, PermissionSet{Permission::kUserList});
  EXPECT_EQ(method.status, AccountStatus::kActivated);
  EXPECT_EQ(method.metadata, (text::Metadata{{"a", "b"}}));
  EXPECT_TRUE(SignsIn("ANN", kGoodPassword));
  EXPECT_FALSE(SignsIn("ann", kOtherPassword));
}

TEST_F(MethodsTest, CreateMakesApiKeys) {
  MethodWish wish = Code("client", "k");
  std::get<CodeCredentials>(wish.credentials->body).redirect_uri = "https://example.org";
  Made(wish);
  EXPECT_TRUE(Matches(KeyType::kAuthorizationCode, SecretKind::kCode, "client", "k"));
  EXPECT_EQ(Find(KeyType::kAuthorizationCode, "client")->method.redirect_uri,
            "https://example.org");
}

TEST_F(MethodsTest, CreateIsRefusedWithoutUserCreate) {
  for (const Permission permission :
       {Permission::kUserInvite, Permission::kUserAdmin, Permission::kGrantPermissions}) {
    EXPECT_THAT(methods_.Create(ACaller().With(permission), Password("ann", kGoodPassword)),
                HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  }
  EXPECT_THAT(methods_.Create(ACaller(), MethodWish()),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_FALSE(Find(KeyType::kPassword, "ann").has_value());
}

TEST_F(MethodsTest, AGuestMakesNoUsersWhateverItHolds) {
  const ACaller guest = Administrator().AsGuest();
  EXPECT_THAT(methods_.Create(guest, Password("ann", kGoodPassword)),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(methods_.Create(guest, Code("client", "code")),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  const RoomId room = Room({});
  rooms_.Admit(room, UserId(kCallerId), {RoomRight::kAdmin});
  EXPECT_OK(methods_.Create(guest, Guest(room)));
}

TEST_F(MethodsTest, CreateTakesCredentials) {
  const Caller caller = ACaller().With(Permission::kUserCreate);
  EXPECT_THAT(methods_.Create(caller, MethodWish()), HasReplyCode(::common::REQUEST_EMPTY));
  EXPECT_THAT(methods_.Create(caller, Password("ann", "")), HasReplyCode(::common::REQUEST_EMPTY));
  EXPECT_THAT(methods_.Create(caller, Code("", "code")), HasReplyCode(::common::REQUEST_EMPTY));
  EXPECT_THAT(methods_.Create(caller, Password("ann", "short")),
              HasReplyCode(::common::PROTOCOL_ERROR));
  EXPECT_THAT(methods_.Create(caller, Password("ann", "password1")),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_THAT(methods_.Create(caller, SessionOf(SessionId(NewUuid()))),
              HasReplyCode(::common::ACTION_INVALID));
}

TEST_F(MethodsTest, CreateGivesNothingThatTheCallerLacks) {
  MethodWish wish = Password("ann", kGoodPassword);
  wish.permissions.give = {Permission::kRoomAdmin};
  const auto refused = HasReplyCode(::common::INSUFFICIENT_PERMISSIONS);
  EXPECT_THAT(
      methods_.Create(ACaller().With({Permission::kUserCreate, Permission::kRoomAdmin}), wish),
      refused);
  EXPECT_THAT(methods_.Create(
                  ACaller().With({Permission::kUserCreate, Permission::kGrantPermissions}), wish),
              refused);
  wish.permissions.give = {Permission::kCompanyAdmin};
  EXPECT_THAT(methods_.Create(Administrator().With(kPlatformPermissions), wish), refused);
  EXPECT_FALSE(Find(KeyType::kPassword, "ann").has_value());
}

TEST_F(MethodsTest, CreateStaysInTheCallersCompany) {
  MethodWish wish = Password("ann", kGoodPassword);
  wish.credentials->company = CompanyId("acme");
  EXPECT_OK(methods_.Create(Administrator(), wish));
  wish.credentials->company = CompanyId("beta");
  EXPECT_THAT(methods_.Create(Administrator().With(kPlatformPermissions), wish),
              HasReplyCode(::common::NOT_FOUND));
  EXPECT_OK(methods_.Create(Platform(), wish));
  EXPECT_TRUE(Find(KeyType::kPassword, "ann", "beta").has_value());
  wish.credentials->company = CompanyId("nowhere");
  EXPECT_THAT(methods_.Create(Platform(), wish), HasReplyCode(::common::NOT_FOUND));
}

TEST_F(MethodsTest, CreateRefusesAPrincipalThatIsTaken) {
  MadeUser("ann");
  EXPECT_THAT(methods_.Create(Administrator(), Password("ANN", kOtherPassword)),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_TRUE(SignsIn("ann", kGoodPassword));
}

TEST_F(MethodsTest, CreateWithTheSameIdempotencyKeyAnswersTheSameUser) {
  const Caller caller = Administrator().WithIdempotencyKey("key");
  const UserId first = Made(Password("ann", kGoodPassword), caller);
  EXPECT_EQ(Made(Password("ann", kGoodPassword), caller), first);
}

// What was right then may be wrong now: the room is gone, the expiry has passed, the name is taken.
TEST_F(MethodsTest, ARepeatedCreationIsAnsweredWhateverHasChangedSince) {
  const RoomId room = Room({RoomRight::kAdmin});
  MethodWish wish = Guest(room);
  std::get<GuestCredentials>(wish.credentials->body).expiry = clock_.Now() + absl::Minutes(1);
  const Caller caller = Administrator().WithIdempotencyKey("guest");
  const UserId first = Made(wish, caller);
  rooms_.Destroy(room);
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(Made(wish, caller), first);
  EXPECT_THAT(methods_.Create(Administrator().WithIdempotencyKey("another"), wish),
              HasReplyCode(::common::RANGE_ERROR));
  EXPECT_THAT(methods_.Create(Administrator().WithIdempotencyKey("guest", "another request"), wish),
              HasReplyCode(::common::ACTION_INVALID));
}

TEST_F(MethodsTest, CreateTakesAStatusButNeitherLockedNorDeleted) {
  MethodWish wish = Password("ann", kGoodPassword);
  wish.status = AccountStatus::kLocked;
  EXPECT_THAT(methods_.Create(Administrator(), wish), HasReplyCode(::common::ACTION_INVALID));
  wish.status = AccountStatus::kDeleted;
  EXPECT_THAT(methods_.Create(Administrator(), wish), HasReplyCode(::common::ACTION_INVALID));
  wish.status = AccountStatus::kPending;
  EXPECT_OK(methods_.Create(Administrator(), wish));
  EXPECT_EQ(Find(KeyType::kPassword, "ann")->method.status, AccountStatus::kPending);
}

TEST_F(MethodsTest, AGuestIsInvitedByWhoAdministersTheRoom) {
  const RoomId room = Room({RoomRight::kAdmin});
  MethodWish wish = Guest(room);
  auto& body = std::get<GuestCredentials>(wish.credentials->body);
  body.email = "guest@example.org";
  body.display_name = "Guest";
  body.shareable = true;
  const UserId user = Made(wish, ACaller().With(Permission::kUserInvite));
  const Method method = Find(KeyType::kGuestAccess, user.value())->method;
  EXPECT_EQ(method.user, user);
  EXPECT_EQ(method.room, room);
  EXPECT_EQ(method.email, "guest@example.org");
  EXPECT_EQ(method.display_name, "Guest");
  EXPECT_TRUE(method.shareable);
  EXPECT_EQ(method.expires_at, clock_.Now() + absl::Hours(24 * 30));
  EXPECT_TRUE(Matches(KeyType::kGuestAccess, SecretKind::kGuestCode, user.value(), "guest code"));
}

TEST_F(MethodsTest, AGuestIsNotInvitedWithoutRightsInTheRoom) {
  const ACaller inviter = ACaller().With(Permission::kUserInvite);
  const auto refused = HasReplyCode(::common::INSUFFICIENT_PERMISSIONS);
  const MethodWish wish = Guest(Room({RoomRight::kJoin}));
  EXPECT_THAT(methods_.Create(inviter, wish), refused);
  EXPECT_THAT(methods_.Create(ACaller(), Guest(Room({RoomRight::kAdmin}))), refused);
  EXPECT_OK(methods_.Create(ACaller(inviter).With(Permission::kRoomAdmin), wish));
  EXPECT_THAT(methods_.Create(Administrator(), Guest(RoomId(NewUuid()))),
              HasReplyCode(::common::ROOM_NOT_FOUND));
}

// Whether the caller may let guests into a room, only the room service of the own company knows.
TEST_F(MethodsTest, AGuestIsInvitedIntoTheOwnCompanyAlone) {
  MethodWish wish = InAcme(Guest(Room({RoomRight::kAdmin})));
  EXPECT_THAT(methods_.Create(Platform(), wish), HasReplyCode(::common::NOT_FOUND));
  EXPECT_OK(methods_.Create(Administrator(), wish));
  wish.credentials->company = CompanyId("beta");
  EXPECT_THAT(methods_.Create(Administrator(), wish), HasReplyCode(::common::NOT_FOUND));
}

TEST_F(MethodsTest, AGuestAccessNeedsItsFieldsAndMakesItsOwnId) {
  const RoomId room = Room({RoomRight::kAdmin});
  MethodWish wish = Guest(room);
  auto& body = std::get<GuestCredentials>(wish.credentials->body);
  body.user = UserId(NewUuid());
  EXPECT_THAT(methods_.Create(Administrator(), wish), HasReplyCode(::common::PROTOCOL_ERROR));
  body.user = UserId();
  body.expiry = clock_.Now() - absl::Seconds(1);
  EXPECT_THAT(methods_.Create(Administrator(), wish), HasReplyCode(::common::RANGE_ERROR));
  EXPECT_THAT(methods_.Create(Administrator(), Guest(RoomId())),
              HasReplyCode(::common::REQUEST_EMPTY));
  EXPECT_THAT(methods_.Create(Administrator(), Guest(room, "")),
              HasReplyCode(::common::REQUEST_EMPTY));
}

TEST_F(MethodsTest, ADatabaseOutOfReachIsNoDecision) {
  store_.FailWith(Unreachable("the database"));
  EXPECT_THAT(methods_.Create(Administrator(), Password("ann", kGoodPassword)),
              IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_THAT(methods_.List(Administrator(), {}), IsUndecided(absl::StatusCode::kUnavailable));
}

TEST_F(MethodsTest, AFirstAdministratorSignsInToTheCompanyThatIsFoundedAndNoOther) {
  const CompanyId gamma("gamma");
  const UserId user(NewUuid());
  EXPECT_THAT(methods_.PrepareFirst(ACall(), gamma, user, MethodWish()),
              HasReplyCode(::common::REQUEST_EMPTY));
  EXPECT_THAT(methods_.PrepareFirst(ACall(), gamma, user, InAcme(Password("root", kGoodPassword))),
              HasReplyCode(::common::NOT_FOUND));
  const auto first = methods_.PrepareFirst(ACall(), gamma, user, Password("root", kGoodPassword));
  ASSERT_OK(first);
  EXPECT_EQ(first->company, gamma);
  EXPECT_EQ(first->permissions, kCompanyAdministrator);
}

}  // namespace methods_test
}  // namespace usher::auth
