#include "services/auth/method/methods.h"

#include "tests/support/method_test_base.h"

namespace usher::auth {
namespace methods_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class MethodsTest : public MethodTestBase {
 protected:
  std::vector<std::string> Listed(const Caller& caller, const ListWish& wish) {
    std::vector<std::string> principals;
    const auto answer = methods_.List(caller, wish);
    EXPECT_OK(answer);
    if (!answer.ok()) return principals;
    for (const Method& method : answer->methods) principals.push_back(method.principal);
    return principals;
  }
};

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

TEST_F(MethodsTest, InformationTellsMethodsAndWhatTheActiveOnesPermit) {
  const UserId user = MadeUser("ann", {Permission::kUserList});
  MethodWish code = Code("client", "code");
  code.permissions.give = {Permission::kRoomAdmin};
  ASSERT_OK(Update(Administrator(), user, code));
  MethodWish off = Code("client", "");
  off.status = AccountStatus::kDeactivated;
  ASSERT_OK(Update(Administrator(), user, off));
  ASSERT_OK(Update(Administrator(), user, Password("second", kGoodPassword)));
  Session(user, KeyType::kPassword, "ann");

  const auto told = methods_.Information(ACaller().As(user), user);
  ASSERT_OK(told);
  EXPECT_EQ(told->permissions, PermissionSet{Permission::kUserList});
  std::map<std::string, std::string> principals;
  for (const Method& method : told->methods) {
    EXPECT_EQ(method.sealed_secret, "");
    principals[KeyTypeName(method.key_type)] = method.principal;
  }
  EXPECT_EQ(principals.size(), 3u);
  EXPECT_EQ(principals["password"], "second");  // the newest
  EXPECT_EQ(principals["authorization_code"], "client");
  EXPECT_EQ(principals.count("refresh_token"), 1u);
}

TEST_F(MethodsTest, InformationIsForOneselfAndWhoMaySeeUsers) {
  const UserId user = MadeUser("ann");
  EXPECT_THAT(methods_.Information(ACaller(), user),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(methods_.Information(ACaller().With(Permission::kUserList), user),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_OK(methods_.Information(ACaller().With(Permission::kUserShow), user));
  EXPECT_OK(methods_.Information(ACaller().With(Permission::kUserAdmin), user));
  EXPECT_THAT(methods_.Information(ACaller().With(Permission::kUserShow).AsGuest(), user),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(methods_.Information(Administrator().In("beta"), user),
              HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(methods_.Information(Administrator(), UserId(NewUuid())),
              HasReplyCode(::common::NOT_FOUND));
}

TEST_F(MethodsTest, AUserWithoutMethodsIsKnown) {
  const UserId user(NewUuid());
  ASSERT_OK(store_.EnsureUser(ACall(), CompanyId("acme"), user, std::nullopt));
  const auto told = methods_.Information(Administrator(), user);
  ASSERT_OK(told);
  EXPECT_THAT(told->methods, IsEmpty());
}

TEST_F(MethodsTest, ListShowsTheOwnMethodsUnlessOneMayListUsers) {
  const UserId ann = MadeUser("ann");
  MadeUser("bob");
  EXPECT_THAT(Listed(ACaller().As(ann), {}), ElementsAre("ann"));
  EXPECT_THAT(Listed(ACaller().As(ann).With(Permission::kUserShow), {.principals = {"bob"}}),
              IsEmpty());
  EXPECT_THAT(Listed(ACaller().As(ann).With(Permission::kUserList).AsGuest(), {}),
              ElementsAre("ann"));
  for (const Permission permission : {Permission::kUserList, Permission::kUserAdmin}) {
    EXPECT_THAT(Listed(ACaller().With(permission), {}), ElementsAre("ann", "bob"));
  }
  EXPECT_THAT(Listed(Administrator(), {.principals = {"BOB"}}), ElementsAre("bob"));
}

TEST_F(MethodsTest, ListStaysInTheCallersCompany) {
  MadeUser("ann");
  EXPECT_THAT(Listed(Administrator(), {.companies = {CompanyId("acme"), CompanyId("beta")}}),
              ElementsAre("ann"));
  EXPECT_THAT(Listed(Administrator(), {.companies = {CompanyId("beta")}}), IsEmpty());
  EXPECT_THAT(Listed(Administrator(), {.companies = {CompanyId()}}), IsEmpty());
  EXPECT_THAT(Listed(Administrator().In("beta").With(kPlatformPermissions),
                     {.companies = {CompanyId("acme")}}),
              IsEmpty());
  EXPECT_THAT(Listed(Platform(), {.companies = {CompanyId("acme")}}), ElementsAre("ann"));
}

TEST_F(MethodsTest, ListShowsWhereOneCanSwitch) {
  const UserId ann = MadeUser("ann");
  MadeUser("bob");
  EXPECT_THAT(Listed(Administrator().As(ann), {.only_eligible_for_switch = true}),
              ElementsAre("ann"));
  EXPECT_THAT(Listed(Administrator().As(ann),
                     {.companies = {CompanyId("beta")}, .only_eligible_for_switch = true}),
              IsEmpty());
}

TEST_F(MethodsTest, TheLastPageIsTheOneAtMaxOffset) {
  for (const char* name : {"u0", "u1", "u2", "u3", "u4"}) MadeUser(name);
  const Caller caller = Administrator();
  std::vector<std::string> seen;
  uint32_t offset = 0;
  while (true) {
    const auto answer = methods_.List(caller, {.limit = 2, .offset = offset});
    ASSERT_OK(answer);
    EXPECT_EQ(answer->max_offset, 4u);
    for (const Method& method : answer->methods) seen.push_back(method.principal);
    if (offset == answer->max_offset) break;
    offset += 2;
  }
  EXPECT_THAT(seen, ElementsAre("u0", "u1", "u2", "u3", "u4"));
  EXPECT_EQ(methods_.List(caller, {.limit = 5})->max_offset, 0u);
  EXPECT_EQ(methods_.List(caller, {.limit = 1})->max_offset, 4u);
  EXPECT_EQ(methods_.List(caller, {.principals = {"none"}})->max_offset, 0u);
}

TEST_F(MethodsTest, ADatabaseOutOfReachIsNoDecision) {
  store_.FailWith(Unreachable("the database"));
  EXPECT_THAT(methods_.Create(Administrator(), Password("ann", kGoodPassword)),
              IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_THAT(methods_.List(Administrator(), {}), IsUndecided(absl::StatusCode::kUnavailable));
}

TEST_F(MethodsTest, AListStaysInTheCallersCompanyUnlessItIsForSwitching) {
  Method theirs;
  theirs.company = CompanyId("beta");
  theirs.principal = theirs.principal_key = "theirs";
  theirs.user = MadeUser("ann");
  ASSERT_OK(store_.InsertUserWithMethod(ACall("beta"), theirs));
  const auto listed = methods_.List(Administrator(), ListWish());
  ASSERT_OK(listed);
  ASSERT_EQ(listed->methods.size(), 1u);
  EXPECT_EQ(listed->methods.front().company, CompanyId("acme"));
  ListWish switching;
  switching.only_eligible_for_switch = true;
  const SessionId session = Session(theirs.user, KeyType::kPassword, "ann");
  const ACaller caller = ACaller().As(theirs.user).InSession(session);
  EXPECT_EQ(methods_.List(caller, switching)->methods.size(), 1u);
  store_.database().Peek([&](FakeAuthTables& tables) {
    tables.links.push_back({CompanyId("acme"),
                            {KeyType::kPassword, PrincipalKey(KeyType::kPassword, "ann")},
                            theirs.company,
                            theirs.key(),
                            theirs.user,
                            tables.Dated()});
  });
  EXPECT_EQ(methods_.List(caller, switching)->methods.size(), 2u);
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
