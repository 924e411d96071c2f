#include "services/auth/method/known_users.h"

#include "tests/support/method_test_base.h"

namespace usher::auth {
namespace known_users_test {

class UsersTest : public MethodTestBase {
 protected:
  static Caller Creator() { return ACaller().With(Permission::kUserCreate); }
  const UserId user_{NewUuid()};
};

TEST_F(UsersTest, EnsureMakesAUserWithOrWithoutMethod) {
  EXPECT_OK(users_.Ensure(Creator(), user_, MethodWish()));
  EXPECT_OK(users_.Ensure(Creator(), user_, MethodWish()));
  const UserId second(NewUuid());
  EXPECT_OK(users_.Ensure(Creator(), second, Password("ann", kGoodPassword)));
  EXPECT_OK(users_.Ensure(Creator(), second, Password("ann", kGoodPassword)));
  EXPECT_EQ(Find(KeyType::kPassword, "ann")->method.user, second);
  EXPECT_THAT(users_.Ensure(Creator(), user_, Password("ann", kGoodPassword)),
              HasReplyCode(::common::ACTION_INVALID));
}

TEST_F(UsersTest, EnsureIsRefusedWithoutUserCreate) {
  for (const Permission permission : {Permission::kUserInvite, Permission::kUserAdmin}) {
    EXPECT_THAT(users_.Ensure(ACaller().With(permission), user_, MethodWish()),
                HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  }
}

TEST_F(UsersTest, EnsureFollowsTheRulesOfCreation) {
  MethodWish wish = Password("ann", kGoodPassword);
  wish.permissions.give = {Permission::kUserList};
  EXPECT_THAT(users_.Ensure(Creator(), user_, wish),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(users_.Ensure(Creator(), user_, Password("ann", "12345678")),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_THAT(users_.Ensure(Administrator(), user_, Guest(Room({RoomRight::kAdmin}))),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_THAT(users_.Ensure(Creator(), user_, StatusOnly(AccountStatus::kPending)),
              HasReplyCode(::common::REQUEST_EMPTY));
  wish = Password("ann", kGoodPassword);
  wish.credentials->company = CompanyId("beta");
  EXPECT_THAT(users_.Ensure(Creator(), user_, wish), HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(users_.Ensure(Platform(), user_, wish), HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(users_.Settle(ACall(), CompanyId("acme"), user_), IsOkAndHolds(false));
}

TEST_F(UsersTest, ALateEnsureIsRefused) {
  EXPECT_THAT(users_.Settle(ACall(), CompanyId("acme"), user_), IsOkAndHolds(false));
  EXPECT_THAT(users_.Ensure(Creator(), user_, Password("ann", kGoodPassword)),
              HasReplyCode(::common::USER_INVALID));
  EXPECT_FALSE(Find(KeyType::kPassword, "ann").has_value());
}

TEST_F(UsersTest, SettleFindsWhoIsThere) {
  ASSERT_OK(users_.Ensure(Creator(), user_, MethodWish()));
  EXPECT_THAT(users_.Settle(ACall(), CompanyId("acme"), user_), IsOkAndHolds(true));
}

TEST_F(UsersTest, RemoveIsForOneselfAndForUserAdmin) {
  const UserId ann = MadeUser("ann");
  const UserId bob = MadeUser("bob");
  EXPECT_THAT(users_.Remove(ACaller(), ann), HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_OK(users_.Remove(ACaller().As(ann), ann));
  EXPECT_OK(users_.Remove(ACaller().With(Permission::kUserAdmin), bob));
  EXPECT_FALSE(Find(KeyType::kPassword, "ann").has_value());
  EXPECT_THAT(Check(bob, SessionId(NewUuid())), HasReplyCode(::common::ACCOUNT_STATUS_ERROR));
}

TEST_F(UsersTest, RemoveTakesAllThatTheUserHolds) {
  const UserId strong = MadeUser("strong", {Permission::kRoomAdmin});
  EXPECT_THAT(users_.Remove(ACaller().With(Permission::kUserAdmin), strong),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_TRUE(SignsIn("strong", kGoodPassword));
}

TEST_F(UsersTest, RemoveMayBeRepeatedAndTellsWhoNeverWas) {
  const UserId ann = MadeUser("ann");
  const Caller admin = Administrator();
  EXPECT_THAT(users_.FindRemoved(ACall(), CompanyId("acme"), ann), IsOkAndHolds(false));
  EXPECT_OK(users_.Remove(admin, ann));
  EXPECT_OK(users_.Remove(admin, ann));
  EXPECT_THAT(users_.FindRemoved(ACall(), CompanyId("acme"), ann), IsOkAndHolds(true));
  EXPECT_THAT(users_.Remove(admin, user_), HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(users_.FindRemoved(ACall(), CompanyId("acme"), user_), IsOkAndHolds(false));
  EXPECT_THAT(users_.Remove(Administrator().In("beta"), MadeUser("bob")),
              HasReplyCode(::common::NOT_FOUND));
}

TEST_F(UsersTest, ADescriptionHasWhatIsHeldWithAllMethodsAlsoThoseThatAreOff) {
  const UserId ann = MadeUser("ann", {Permission::kUserAdmin});
  MethodWish off = Code("client", "code");
  off.permissions.give = {Permission::kRoomAdmin};
  off.status = AccountStatus::kDeactivated;
  ASSERT_OK(Update(Administrator(), ann, off));
  const auto described = users_.Describe(ACall(), CompanyId("acme"), ann);
  ASSERT_OK(described);
  EXPECT_EQ(described->held, (PermissionSet{Permission::kUserAdmin, Permission::kRoomAdmin}));
  EXPECT_EQ(described->usable, PermissionSet{Permission::kUserAdmin});
  EXPECT_EQ(described->status, AccountStatus::kActivated);
  EXPECT_FALSE(described->guest);
}

TEST_F(UsersTest, WhoseAccountIsNotActiveCanUseNothing) {
  const UserId ann = MadeUser("ann", {Permission::kUserAdmin});
  ASSERT_OK(Update(Administrator(), ann, StatusOnly(AccountStatus::kDeactivated)));
  const auto described = users_.Describe(ACall(), CompanyId("acme"), ann);
  ASSERT_OK(described);
  EXPECT_EQ(described->status, AccountStatus::kDeactivated);
  EXPECT_EQ(described->held, PermissionSet{Permission::kUserAdmin});
  EXPECT_EQ(described->usable, PermissionSet{});
}

TEST_F(UsersTest, AGuestIsDescribedAsOneAlsoWhenSignedIn) {
  const UserId guest = Made(Guest(Room({RoomRight::kAdmin})));
  Session(guest, KeyType::kGuestAccess, guest.value());
  const auto described = users_.Describe(ACall(), CompanyId("acme"), guest);
  ASSERT_OK(described);
  EXPECT_TRUE(described->guest);
}

TEST_F(UsersTest, NobodyIsDescribedWhoIsGoneOrWasNeverThere) {
  const UserId ann = MadeUser("ann");
  EXPECT_OK(users_.Describe(ACall(), CompanyId("acme"), ann));
  EXPECT_THAT(users_.Describe(ACall(), CompanyId("beta"), ann), HasReplyCode(::common::NOT_FOUND));
  ASSERT_OK(users_.Remove(Administrator(), ann));
  EXPECT_THAT(users_.Describe(ACall(), CompanyId("acme"), ann), HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(users_.Describe(ACall(), CompanyId("acme"), user_),
              HasReplyCode(::common::NOT_FOUND));
}

TEST_F(UsersTest, TheLastAdministratorIsNotRemoved) {
  const UserId root = MadeUser("root", kCompanyAdministrator);
  EXPECT_THAT(users_.Remove(Administrator().As(root), root),
              HasReplyCode(::common::ACTION_INVALID));
  MadeUser("second", kCompanyAdministrator);
  EXPECT_OK(users_.Remove(Administrator().As(root), root));
}

TEST_F(UsersTest, ACompanyBeginsWithAnAdministratorAndAnApiKey) {
  FirstMethods first;
  first.company = CompanyId("operator");
  first.username = "root";
  first.password = Secret(kGoodPassword);
  first.client_id = "client";
  first.code = Secret("code");
  first.permissions = kCompanyAdministrator.Or(kPlatformPermissions);
  const auto made = users_.MakeCompany(ACall(), first);
  ASSERT_OK(made);
  ASSERT_TRUE(made->has_value());
  EXPECT_EQ(Find(KeyType::kPassword, "root", "operator")->method.user, (*made)->administrator);
  const Method client = Find(KeyType::kAuthorizationCode, "client", "operator")->method;
  EXPECT_EQ(client.user, (*made)->api_client);
  EXPECT_EQ(client.permissions, first.permissions);

  first.username = "another";
  const auto again = users_.MakeCompany(ACall(), first);
  ASSERT_OK(again);
  EXPECT_FALSE(again->has_value());
  EXPECT_FALSE(Find(KeyType::kPassword, "another", "operator").has_value());
}

}  // namespace known_users_test
}  // namespace usher::auth
