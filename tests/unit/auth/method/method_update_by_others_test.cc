// What administrators and the platform change of the methods of users.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <variant>

#include "services/auth/method/methods.h"
#include "tests/support/method_update_test_base.h"

namespace usher::auth {
namespace method_update_by_others_test {

TEST_F(MethodUpdateTest, OthersTakeUserAdmin) {
  EXPECT_THAT(Update(ACaller(), ann_, Password("ann", kOtherPassword, kGoodPassword)), kRefused);
  EXPECT_THAT(Update(ACaller(), UserId(NewUuid()), Password("x", kOtherPassword)), kRefused);
  EXPECT_OK(Update(UserAdmin(), ann_, Password("ann", kOtherPassword)));
  EXPECT_TRUE(SignsIn("ann", kOtherPassword));
  EXPECT_THAT(Check(ann_, session_), HasReplyCode(::common::AUTHENTICATION_ERROR));
}

TEST_F(MethodUpdateTest, NobodyTouchesWhoHoldsMore) {
  const UserId strong = MadeUser("strong", {Permission::kRoomAdmin});
  EXPECT_THAT(Update(UserAdmin(), strong, Password("strong", kOtherPassword)), kRefused);
  EXPECT_THAT(Update(UserAdmin(), strong, Password("added", kOtherPassword)), kRefused);
  EXPECT_THAT(Update(UserAdmin(), strong, StatusOnly(AccountStatus::kDeactivated)), kRefused);
  EXPECT_THAT(Update(UserAdmin(), strong, MethodWish(), /*remove_all=*/true), kRefused);
  // Also through a method that is switched off.
  ASSERT_OK(
      Update(Administrator(), strong, With(Password("strong", ""), AccountStatus::kDeactivated)));
  EXPECT_THAT(Update(UserAdmin(), strong, Password("added", kOtherPassword)), kRefused);
  EXPECT_OK(
      Update(UserAdmin().With(Permission::kRoomAdmin), strong, Password("strong", kOtherPassword)));
}

TEST_F(MethodUpdateTest, AnAdministratorOfAnotherCompanySeesNoSuchUser) {
  MethodWish wish = Password("planted", kOtherPassword);
  EXPECT_THAT(Update(Administrator().In("beta"), ann_, wish), kNotFound);
  wish.credentials->company = CompanyId("beta");
  EXPECT_THAT(Update(Administrator().In("beta"), ann_, wish), kNotFound);
  wish.credentials->company = CompanyId("acme");
  EXPECT_THAT(Update(Administrator().In("beta").With(kPlatformPermissions), ann_, wish), kNotFound);
  EXPECT_FALSE(Find(KeyType::kPassword, "planted").has_value());
  EXPECT_FALSE(Find(KeyType::kPassword, "planted", "beta").has_value());
  EXPECT_OK(Update(Platform(), ann_, wish));
  EXPECT_TRUE(Find(KeyType::kPassword, "planted").has_value());
}

TEST_F(MethodUpdateTest, PermissionsAreGivenWithinWhatTheCallerHolds) {
  MethodWish wish = Password("ann", "");
  wish.permissions.give = {Permission::kUserList};
  EXPECT_THAT(Update(UserAdmin().With(Permission::kUserList), ann_, wish), kRefused);
  EXPECT_THAT(Update(UserAdmin().With(Permission::kGrantPermissions), ann_, wish), kRefused);
  EXPECT_OK(Update(Administrator(), ann_, wish));
  EXPECT_EQ(Find(KeyType::kPassword, "ann")->method.permissions,
            PermissionSet{Permission::kUserList});
  wish.permissions = {.take = {Permission::kUserList}};
  EXPECT_OK(Update(Administrator(), ann_, wish));
  EXPECT_EQ(Find(KeyType::kPassword, "ann")->method.permissions, PermissionSet{});
}

TEST_F(MethodUpdateTest, ADeactivatedMethodAndItsTokensAreOff) {
  EXPECT_OK(Update(UserAdmin(), ann_, With(Password("ann", ""), AccountStatus::kDeactivated)));
  EXPECT_EQ(Find(KeyType::kPassword, "ann")->method.status, AccountStatus::kDeactivated);
  EXPECT_THAT(Check(ann_, session_), HasReplyCode(::common::ACCOUNT_STATUS_ERROR));
  // A new password does not revive it.
  EXPECT_OK(Update(UserAdmin(), ann_, Password("ann", kOtherPassword)));
  EXPECT_EQ(Find(KeyType::kPassword, "ann")->method.status, AccountStatus::kDeactivated);
}

TEST_F(MethodUpdateTest, AStatusWithoutCredentialsIsTheUsers) {
  EXPECT_OK(Update(UserAdmin(), ann_, StatusOnly(AccountStatus::kDeactivated)));
  EXPECT_EQ(Find(KeyType::kPassword, "ann")->user_status, AccountStatus::kDeactivated);
  EXPECT_THAT(Check(ann_, SessionId(NewUuid())), HasReplyCode(::common::ACCOUNT_STATUS_ERROR));
  EXPECT_OK(Update(UserAdmin(), ann_, StatusOnly(AccountStatus::kActivated)));
  EXPECT_EQ(Find(KeyType::kPassword, "ann")->user_status, AccountStatus::kActivated);
  EXPECT_THAT(Update(UserAdmin(), ann_, StatusOnly(AccountStatus::kDeleted)), kInvalid);
}

TEST_F(MethodUpdateTest, ThePlatformSetsTheStatusOfUsersElsewhere) {
  const auto elsewhere = [&](const Caller& caller, AccountStatus status, bool remove_all = false) {
    return methods_.Update(caller, UpdateWish{.user = ann_,
                                              .company = CompanyId("acme"),
                                              .remove_all = remove_all,
                                              .method = StatusOnly(status)});
  };
  EXPECT_OK(elsewhere(Platform(), AccountStatus::kLocked));
  EXPECT_EQ(Find(KeyType::kPassword, "ann")->user_status, AccountStatus::kLocked);
  EXPECT_EQ(Find(KeyType::kPassword, "ann")->method.status, AccountStatus::kActivated);
  EXPECT_THAT(Check(ann_, session_), HasReplyCode(::common::ACCOUNT_STATUS_ERROR));
  EXPECT_THAT(Update(Administrator(), ann_, StatusOnly(AccountStatus::kActivated)), kInvalid);
  EXPECT_OK(elsewhere(Platform(), AccountStatus::kActivated));
  EXPECT_EQ(Find(KeyType::kPassword, "ann")->user_status, AccountStatus::kActivated);
  // Nobody else gets there, and who is there does not need it.
  EXPECT_THAT(elsewhere(Administrator().In("beta"), AccountStatus::kDeactivated), kNotFound);
  EXPECT_THAT(elsewhere(Administrator(), AccountStatus::kDeactivated),
              HasReplyCode(::common::REQUEST_EMPTY));
  EXPECT_EQ(Find(KeyType::kPassword, "ann")->user_status, AccountStatus::kActivated);
  EXPECT_THAT(elsewhere(Platform(), AccountStatus::kDeleted), kInvalid);
  EXPECT_OK(elsewhere(Platform(), AccountStatus::kDefault, /*remove_all=*/true));
  EXPECT_FALSE(Find(KeyType::kPassword, "ann").has_value());
}

TEST_F(MethodUpdateTest, LockedIsForThePlatform) {
  const MethodWish lock = With(Password("ann", ""), AccountStatus::kLocked);
  EXPECT_THAT(Update(Administrator(), ann_, lock), kInvalid);
  EXPECT_THAT(Update(Administrator(), ann_, StatusOnly(AccountStatus::kLocked)), kInvalid);
  MethodWish by_platform = lock;
  by_platform.credentials->company = CompanyId("acme");
  ASSERT_OK(Update(Platform(), ann_, by_platform));
  EXPECT_THAT(Update(Administrator(), ann_, With(Password("ann", ""), AccountStatus::kActivated)),
              kInvalid);
  EXPECT_THAT(Update(Administrator(), ann_, With(Password("ann", ""), AccountStatus::kDeleted)),
              kInvalid);
  by_platform.status = AccountStatus::kActivated;
  EXPECT_OK(Update(Platform(), ann_, by_platform));
}

TEST_F(MethodUpdateTest, ALockIsNotGotRoundByAnotherMethodNorByRemoving) {
  ASSERT_OK(Update(Platform(), ann_, InAcme(With(Password("ann", ""), AccountStatus::kLocked))));
  EXPECT_THAT(Update(Administrator(), ann_, Password("second", kOtherPassword)), kInvalid);
  EXPECT_THAT(Update(Administrator(), ann_, Code("client", "code")), kInvalid);
  EXPECT_THAT(Update(Administrator(), ann_, MethodWish(), /*remove_all=*/true), kInvalid);
  EXPECT_THAT(Update(Administrator(), ann_, Password("second", kOtherPassword), true), kInvalid);
  EXPECT_THAT(users_.Remove(Administrator(), ann_), kInvalid);
  EXPECT_THAT(users_.Remove(ACaller().As(ann_), ann_), kInvalid);
  EXPECT_FALSE(Find(KeyType::kPassword, "second").has_value());
  EXPECT_EQ(Find(KeyType::kPassword, "ann")->method.status, AccountStatus::kLocked);
}

// Also those that somebody else signed for the user.
TEST_F(MethodUpdateTest, WithTheLastActiveMethodAllTokensOfTheUserEnd) {
  ASSERT_OK(Update(UserAdmin(), ann_, Code("client", "code")));
  ASSERT_OK(Update(UserAdmin(), ann_, With(Code("client", ""), AccountStatus::kDeactivated)));
  const SessionId of_another(NewUuid());
  EXPECT_OK(Check(ann_, of_another));
  ASSERT_OK(Update(UserAdmin(), ann_, With(Password("ann", ""), AccountStatus::kPending)));
  EXPECT_THAT(Check(ann_, of_another), HasReplyCode(::common::ACCOUNT_STATUS_ERROR));
}

TEST_F(MethodUpdateTest, RemoveAllRemovesAllAndThenApplies) {
  ASSERT_OK(Update(UserAdmin(), ann_, Code("client", "code")));
  EXPECT_OK(Update(UserAdmin(), ann_, Password("fresh", kOtherPassword), /*remove_all=*/true));
  EXPECT_FALSE(Find(KeyType::kPassword, "ann").has_value());
  EXPECT_FALSE(Find(KeyType::kAuthorizationCode, "client").has_value());
  EXPECT_TRUE(SignsIn("fresh", kOtherPassword));
  EXPECT_THAT(Check(ann_, session_), HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_OK(Update(UserAdmin(), ann_, MethodWish(), /*remove_all=*/true));
  EXPECT_FALSE(Find(KeyType::kPassword, "fresh").has_value());
  EXPECT_OK(methods_.Information(Administrator(), ann_));
}

TEST_F(MethodUpdateTest, TheLastAdministratorIsNotLost) {
  const UserId root = MadeUser("root", kCompanyAdministrator);
  EXPECT_THAT(Update(Administrator(), root, MethodWish(), /*remove_all=*/true), kInvalid);
  EXPECT_THAT(
      Update(Administrator().As(root), root, With(Password("root", ""), AccountStatus::kDeleted)),
      kInvalid);
  EXPECT_TRUE(SignsIn("root", kGoodPassword));
}

TEST_F(MethodUpdateTest, ASessionIsSignedOut) {
  const MethodWish out = With(SessionOf(session_), AccountStatus::kDeleted);
  EXPECT_THAT(Update(ACaller().As(ann_), ann_, SessionOf(session_)), kInvalid);
  EXPECT_THAT(Update(ACaller(), ann_, out), kRefused);
  EXPECT_THAT(Update(UserAdmin(), MadeUser("bob"), out), kNotFound);
  EXPECT_THAT(Update(UserAdmin().In("beta"), ann_, out), kNotFound);
  EXPECT_OK(Check(ann_, session_));
  EXPECT_OK(Update(ACaller().As(ann_), ann_, out));
  EXPECT_THAT(Check(ann_, session_), HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(Update(ACaller().As(ann_), ann_, out), kNotFound);
  const SessionId second = Session(ann_, KeyType::kPassword, "ann");
  EXPECT_OK(Update(UserAdmin(), ann_, With(SessionOf(second), AccountStatus::kDeleted)));
}

TEST_F(MethodUpdateTest, AGuestAccessGetsANewCodeAndKeepsItsRoom) {
  const UserId guest = Made(Guest(Room({RoomRight::kAdmin})));
  MethodWish wish = Guest(RoomId(), "new code");
  auto& body = std::get<GuestCredentials>(wish.credentials->body);
  body.user = guest;
  body.display_name = "New name";
  EXPECT_OK(Update(UserAdmin(), guest, wish));
  EXPECT_TRUE(Matches(KeyType::kGuestAccess, SecretKind::kGuestCode, guest.value(), "new code"));
  EXPECT_EQ(Find(KeyType::kGuestAccess, guest.value())->method.display_name, "New name");
  body.room = RoomId(NewUuid());
  EXPECT_THAT(Update(UserAdmin(), guest, wish), kInvalid);
  body.room = RoomId();
  EXPECT_THAT(Update(UserAdmin(), ann_, wish), kNotFound);
  body.user = UserId();
  EXPECT_THAT(Update(UserAdmin(), ann_, wish), kNotFound);  // updates make no guest access
}

TEST_F(MethodUpdateTest, AnAccountOfADirectoryIsGivenToOthersAndNeverToOneself) {
  const MethodWish account = Wish(DirectoryCredentials{
      .username = "ann", .password = Secret(), .bind_dn = "", .search_dn = ""});
  EXPECT_OK(Update(UserAdmin(), ann_, account));
  EXPECT_TRUE(Find(KeyType::kLdap, "ann").has_value());
  // There is no field for a present secret.
  const UserId own = MadeUser("administrator", {Permission::kUserAdmin});
  MethodWish further = account;
  std::get<DirectoryCredentials>(further.credentials->body).username = "administrator";
  EXPECT_THAT(Update(UserAdmin().As(own), own, further), HasReplyCode(::common::NOT_FOUND));
}

TEST_F(MethodUpdateTest, ThePasswordOfADirectoryIsNotOurs) {
  for (const auto& given :
       {DirectoryCredentials{
            .username = "ann", .password = Secret("secret"), .bind_dn = "", .search_dn = ""},
        DirectoryCredentials{
            .username = "ann", .password = Secret(), .bind_dn = "uid=ann", .search_dn = ""},
        DirectoryCredentials{
            .username = "ann", .password = Secret(), .bind_dn = "", .search_dn = "dc=org"}}) {
    EXPECT_THAT(Update(UserAdmin(), ann_, Wish(DirectoryCredentials(given))),
                HasReplyCode(::common::ACTION_INVALID));
    EXPECT_THAT(methods_.Create(Administrator(), Wish(DirectoryCredentials(given))),
                HasReplyCode(::common::ACTION_INVALID));
  }
}

// It is looked at in reset/.
TEST_F(MethodUpdateTest, APasswordResetTokenIsNotForThisDoor) {
  MethodWish reset = Password("ann", kOtherPassword);
  std::get<PasswordCredentials>(reset.credentials->body).with_reset_token = true;
  EXPECT_THAT(Update(UserAdmin(), ann_, reset), kInvalid);
}

TEST_F(MethodUpdateTest, AnUpdateOfNothingSaysSo) {
  const auto empty = HasReplyCode(::common::REQUEST_EMPTY);
  EXPECT_THAT(Update(UserAdmin(), ann_, MethodWish()), empty);
  MethodWish wish;
  wish.permissions.give = {Permission::kUserList};
  EXPECT_THAT(Update(Administrator(), ann_, wish), empty);
  EXPECT_THAT(Update(UserAdmin(), UserId(NewUuid()), Password("x", kOtherPassword)), kNotFound);
  EXPECT_THAT(Update(UserAdmin(), ann_, Password("not there", "")), kNotFound);
}

}  // namespace method_update_by_others_test
}  // namespace usher::auth
