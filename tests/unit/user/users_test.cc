#include "services/user/users.h"

#include "tests/unit/user/users_test_base.h"

namespace usher::user {
namespace users_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using UsersTest = UsersTestBase;

TEST_F(UsersTest, ListShowsEveryoneWithUserListOrUserAdminElseOneself) {
  const UserId ann = Make("ann@x.org");
  const UserId bob = Make("bob@x.org");
  Make("carl@x.org", "globex");
  EXPECT_THAT(Seen(Self(bob).With(Permission::kUserList)), ElementsAre(ann, bob));
  EXPECT_THAT(Seen(Self(bob).With(Permission::kUserAdmin)), ElementsAre(ann, bob));
  EXPECT_THAT(Seen(Self(bob).With(Permission::kUserShow)), ElementsAre(bob));
  EXPECT_THAT(Seen(Self(bob)), ElementsAre(bob));
  EXPECT_THAT(Seen(ACaller()), IsEmpty());
}

TEST_F(UsersTest, ListByIdTakesUserShowUserListOrUserAdminElseOneself) {
  const UserId ann = Make("ann@x.org");
  const UserId bob = Make("bob@x.org");
  const UserId carl = Make("carl@x.org", "globex");
  const std::vector<UserId> both = {bob, UserId(NewUuid()), carl, ann};
  for (const Permission permission :
       {Permission::kUserShow, Permission::kUserList, Permission::kUserAdmin}) {
    EXPECT_THAT(Seen(ACaller().With(permission), both), ElementsAre(ann, bob));
  }
  EXPECT_THAT(Seen(Self(bob).With(Permission::kUserCreate), both), ElementsAre(bob));
  EXPECT_THAT(Seen(Self(bob), {ann}), IsEmpty());
}

TEST_F(UsersTest, GuestsSeeNobodyButThemselves) {
  const UserId ann = Make("ann@x.org");
  const UserId guest = Make("guest@x.org");
  const Caller caller = Self(guest).AsGuest().With(
      {Permission::kUserShow, Permission::kUserList, Permission::kUserAdmin});
  EXPECT_THAT(Seen(caller), ElementsAre(guest));
  EXPECT_THAT(Seen(caller, {ann, guest}), ElementsAre(guest));
  EXPECT_THAT(Seen(caller, {ann}), IsEmpty());
}

TEST_F(UsersTest, JoinAndActivationTokensSeeTheOwnProfileOnly) {
  const UserId ann = Make("ann@x.org");
  const UserId bob = Make("bob@x.org");
  const ACaller strong = Self(bob).With({Permission::kUserList, Permission::kUserAdmin});
  for (const Caller& caller :
       {ACaller(strong).Joining(kRoom).Build(), ACaller(strong).WithActivationToken().Build()}) {
    EXPECT_THAT(Seen(caller), ElementsAre(bob));
    EXPECT_THAT(Seen(caller, {ann, bob}), ElementsAre(bob));
    EXPECT_THAT(Seen(caller, {ann}), IsEmpty());
  }
}

TEST_F(UsersTest, ListTellsMetadataOnlyWhereTheyAreWanted) {
  const UserId ann = Make(Metadata());
  for (const bool wanted : {true, false}) {
    const auto listed = users_.List(Self(ann), {.with_metadata = wanted});
    ASSERT_OK(listed);
    EXPECT_EQ(listed->users[0].metadata.empty(), !wanted);
  }
}

TEST_F(UsersTest, CreateIsRefusedWithoutUserCreate) {
  for (const Permission permission : {Permission::kUserAdmin, Permission::kUserInvite}) {
    EXPECT_THAT(users_.Create(ACaller().With(permission), Email("a@x.org"), std::nullopt),
                HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  }
  EXPECT_EQ(store_.CountUsers(), 0u);
  EXPECT_THAT(auth_.trouble().asked(), IsEmpty());
}

TEST_F(UsersTest, CreateNeedsAUserOrCredentials) {
  EXPECT_THAT(users_.Create(Creator(), {}, std::nullopt), HasReplyCode(::common::REQUEST_EMPTY));
  const OpaqueCredentials password = CredentialsOf("ann");
  EXPECT_OK(users_.Create(Creator(), {}, password));
  EXPECT_OK(users_.Create(Creator(), Title("Dr."), std::nullopt));
}

TEST_F(UsersTest, CreateMakesAProfileAndAMethod) {
  UserChange draft = Email("ann@x.org");
  draft.profile = {"Ann", "Arbor", "Dr."};
  draft.metadata = {{"colour", "red"}, {"empty", ""}};
  const OpaqueCredentials password = CredentialsOf("ann");
  const auto ann = users_.Create(Creator(), draft, password);
  ASSERT_OK(ann);
  const User expected{*ann, draft.email, draft.profile, {{"colour", "red"}}};
  EXPECT_EQ(Find(*ann), expected);
  EXPECT_THAT(auth_.UsernamesOf(KeyOf(*ann)), ElementsAre("ann"));
}

TEST_F(UsersTest, AnAddressIsTakenOncePerCompany) {
  Make("ann@x.org");
  EXPECT_THAT(users_.Create(Creator(), Email("Ann@X.org"), std::nullopt),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_EQ(store_.CountUsers(), 1u);
  Make("ann@x.org", "globex");
}

TEST_F(UsersTest, UpdateTakesUserAdminOrOneself) {
  const UserId ann = Make("ann@x.org");
  EXPECT_THAT(users_.Update(ACaller().With({Permission::kUserCreate, Permission::kUserShow}), ann,
                            Title("Dr."), std::nullopt),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_EQ(Find(ann)->profile.title, "");
  EXPECT_OK(users_.Update(Self(ann), ann, Title("Dr."), std::nullopt));
  EXPECT_EQ(Find(ann)->profile.title, "Dr.");
  EXPECT_OK(users_.Update(Administrator(), ann, Title("Prof."), std::nullopt));
  EXPECT_EQ(Find(ann)->profile.title, "Prof.");
}

TEST_F(UsersTest, AddressAndMetadataAreChangedWithUserAdminOnly) {
  const UserId ann = Make("ann@x.org");
  for (UserChange change : {Email("new@x.org"), Metadata()}) {
    change.profile.title = "Dr.";
    EXPECT_THAT(users_.Update(Self(ann), ann, change, std::nullopt),
                HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
    EXPECT_EQ(Find(ann)->profile.title, "");
  }
  UserChange change = Email("new@x.org");
  change.metadata = {{"colour", "red"}};
  EXPECT_OK(users_.Update(Administrator(), ann, change, std::nullopt));
  EXPECT_EQ(Find(ann)->email, "new@x.org");
  EXPECT_EQ(Find(ann)->metadata.size(), 1u);
  EXPECT_OK(users_.Update(Administrator().As(ann), ann, Email("own@x.org"), std::nullopt));
}

TEST_F(UsersTest, UpdateNeedsSomethingToChange) {
  const UserId ann = Make("ann@x.org");
  EXPECT_THAT(users_.Update(Administrator(), ann, {}, std::nullopt),
              HasReplyCode(::common::REQUEST_EMPTY));
}

TEST_F(UsersTest, UsersOfAnotherCompanyAreAsIfTheyDidNotExist) {
  const UserId theirs = Make("carl@x.org", "globex");
  const OpaqueCredentials password = CredentialsOf("ann");
  for (const UserId& user : {theirs, UserId(NewUuid())}) {
    EXPECT_EQ(users_.Update(Administrator(), user, Title("Dr."), std::nullopt), UserNotFound());
    EXPECT_EQ(users_.Update(Administrator(), user, {}, password), UserNotFound());
    EXPECT_EQ(users_.Update(Administrator(), user, Email("a@x.org"), password), UserNotFound());
    EXPECT_EQ(users_.ReplaceProfile(Administrator(), user, {}), UserNotFound());
    EXPECT_EQ(users_.Destroy(Administrator(), user), UserNotFound());
  }
  EXPECT_EQ(Find(theirs, "globex")->email, "carl@x.org");
  EXPECT_THAT(auth_.UsernamesOf(KeyOf(theirs, "globex")), IsEmpty());
}

TEST_F(UsersTest, TheAddressOfAStrongerUserIsOutOfReach) {
  const UserId strong = Make("strong@x.org");
  auth_.Add(KeyOf(strong), {.held = {Permission::kRoomAdmin, Permission::kUserAdmin}});
  EXPECT_THAT(users_.Update(Administrator(), strong, Email("mine@x.org"), std::nullopt),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_EQ(Find(strong)->email, "strong@x.org");
  EXPECT_OK(users_.Update(Administrator(), strong, Title("Dr."), std::nullopt));
  EXPECT_OK(users_.Update(Administrator(), strong, Email("strong@x.org"), std::nullopt));
  EXPECT_OK(users_.Update(Administrator().With(Permission::kRoomAdmin), strong,
                          Email("given@x.org"), std::nullopt));
  EXPECT_OK(users_.Update(Administrator().As(strong), strong, Email("own@x.org"), std::nullopt));
  EXPECT_EQ(Find(strong)->email, "own@x.org");
}

TEST_F(UsersTest, AnAddressStaysWhileNobodyKnowsHowStrongItsUserIs) {
  const UserId ann = Make("ann@x.org");
  auth_.trouble().FailBefore(Deed::kGet, Unreachable("the auth service"));
  EXPECT_THAT(users_.Update(Administrator(), ann, Email("new@x.org"), std::nullopt),
              IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_EQ(Find(ann)->email, "ann@x.org");
}

TEST_F(UsersTest, TheAddressOfAnotherUserIsRefused) {
  Make("ann@x.org");
  const UserId bob = Make("bob@x.org");
  EXPECT_THAT(users_.Update(Administrator(), bob, Email("ANN@x.org"), std::nullopt),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_EQ(Find(bob)->email, "bob@x.org");
}

TEST_F(UsersTest, ReplaceProfileTakesUserAdminOrOneself) {
  const UserId ann = Make({.email = "ann@x.org", .profile = {"Ann", "Arbor", "Dr."}});
  EXPECT_THAT(users_.ReplaceProfile(ACaller().With(Permission::kUserShow), ann, {"A", "", ""}),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_EQ(Find(ann)->profile, (Profile{"Ann", "Arbor", "Dr."}));
  EXPECT_OK(users_.ReplaceProfile(Self(ann), ann, {"Anna", "", ""}));
  EXPECT_EQ(Find(ann)->profile, (Profile{"Anna", "", ""}));
  EXPECT_OK(users_.ReplaceProfile(Administrator(), ann, {}));
  EXPECT_EQ(Find(ann)->profile, Profile());
  EXPECT_EQ(Find(ann)->email, "ann@x.org");
}

TEST_F(UsersTest, ThereIsNoProfileToReplaceOfWhoHasNone) {
  const UserId ann(NewUuid());
  auth_.Add(KeyOf(ann));
  EXPECT_THAT(users_.ReplaceProfile(Self(ann), ann, {"Ann", "", ""}),
              HasReplyCode(::common::NOT_FOUND));
}

TEST_F(UsersTest, DestroyTakesUserAdminOrOneself) {
  const UserId ann = Make("ann@x.org");
  const UserId bob = Make("bob@x.org");
  EXPECT_THAT(users_.Destroy(ACaller().With(Permission::kUserCreate), ann),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_TRUE(Find(ann).has_value());
  EXPECT_OK(users_.Destroy(Self(ann), ann));
  EXPECT_OK(users_.Destroy(Administrator(), bob));
  for (const UserId& gone : {ann, bob}) {
    EXPECT_FALSE(Find(gone).has_value());
    EXPECT_FALSE(auth_.Knows(KeyOf(gone)));
  }
}

TEST_F(UsersTest, WhoHasNoProfileIsDestroyedToo) {
  const UserId guest(NewUuid());
  auth_.Add(KeyOf(guest), {.guest = true});
  EXPECT_OK(users_.Destroy(Administrator(), guest));
  EXPECT_FALSE(auth_.Knows(KeyOf(guest)));
}

TEST_F(UsersTest, WhoIsDestroyedAlreadyIsNotFound) {
  const UserId ann = Make("ann@x.org");
  const UserId guest(NewUuid());
  auth_.Add(KeyOf(guest), {.guest = true});
  for (const UserId& user : {ann, guest}) {
    EXPECT_OK(users_.Destroy(Administrator(), user));
    EXPECT_EQ(users_.Destroy(Administrator(), user), UserNotFound());
    EXPECT_EQ(users_.Update(Administrator(), user, Title("Dr."), std::nullopt), UserNotFound());
  }
}

TEST_F(UsersTest, WhomAuthKeepsIsKept) {
  const UserId ann = Make("ann@x.org");
  auth_.trouble().FailBefore(Deed::kRemove, ActionInvalid("the last company administrator"));
  EXPECT_THAT(users_.Destroy(Self(ann), ann), HasReplyCode(::common::ACTION_INVALID));
  EXPECT_EQ(Find(ann)->email, "ann@x.org");
}

TEST_F(UsersTest, ThePlatformMakesTheProfileOfWhoOnlyHasMethodsOnce) {
  const UserId first(NewUuid());
  auth_.Add(KeyOf(first), {.held = kCompanyAdministrator});
  const UserChange draft{.profile = {"Administrator", "", ""}};
  EXPECT_THAT(users_.EnsureProfile(ACall(), first, draft), IsOkAndHolds(true));
  EXPECT_EQ(Find(first)->profile.firstname, "Administrator");
  EXPECT_OK(users_.Update(Self(first), first, {.profile = {"Ann", "", ""}}, std::nullopt));
  EXPECT_THAT(users_.EnsureProfile(ACall(), first, draft), IsOkAndHolds(false));
  EXPECT_EQ(Find(first)->profile.firstname, "Ann");
}

TEST_F(UsersTest, ThePlatformMakesNoProfileOfGuestsAndOfWhoIsGone) {
  const UserId guest(NewUuid());
  auth_.Add(KeyOf(guest), {.guest = true});
  EXPECT_THAT(users_.EnsureProfile(ACall(), guest, Title("Dr.")),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_THAT(users_.EnsureProfile(ACall(), UserId(NewUuid()), Title("Dr.")),
              HasReplyCode(::common::NOT_FOUND));
  EXPECT_EQ(store_.CountUsers(), 0u);
}

}  // namespace users_test
}  // namespace usher::user
