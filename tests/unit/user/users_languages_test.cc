// The languages of users: who changes them, who learns them.
#include "tests/unit/user/users_test_base.h"

namespace usher::user {
namespace users_languages_test {

using UsersLanguagesTest = UsersTestBase;

TEST_F(UsersLanguagesTest, LanguagesAreChangedByOneselfOrUserAdminAndStayUntilThen) {
  const UserId ann = Make({.email = "ann@x.org", .locale = {"de", {"de", "en"}}});
  EXPECT_EQ(Find(ann)->locale, (Locale{"de", {"de", "en"}}));
  EXPECT_THAT(users_.Update(ACaller().With({Permission::kUserCreate, Permission::kUserShow}), ann,
                            {.locale = {"fr", {}}}, std::nullopt),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_OK(users_.Update(Self(ann), ann, {.locale = {"fr", {}}}, std::nullopt));
  EXPECT_OK(users_.Update(Administrator(), ann, {.locale = {"", {"it"}}}, std::nullopt));
  EXPECT_OK(users_.ReplaceProfile(Self(ann), ann, {}));
  EXPECT_EQ(Find(ann)->locale, (Locale{"fr", {"it"}}));
}

TEST_F(UsersLanguagesTest, LanguagesAreToldToOneselfAndWithUserShowUserListOrUserAdmin) {
  const UserId ann = Make({.locale = {"de", {"de", "en"}}});
  const Locale told{"de", {"de", "en"}};
  EXPECT_THAT(users_.GetLocale(Self(ann), ann), IsOkAndHolds(told));
  for (const Permission permission :
       {Permission::kUserShow, Permission::kUserList, Permission::kUserAdmin}) {
    EXPECT_THAT(users_.GetLocale(ACaller().With(permission), ann), IsOkAndHolds(told));
  }
  EXPECT_THAT(users_.GetLocale(Creator(), ann), HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(UsersLanguagesTest, WhoNamedNoLanguagesHasNone) {
  const UserId ann = Make("ann@x.org");
  EXPECT_THAT(users_.GetLocale(Administrator(), ann), IsOkAndHolds(Locale()));
  const UserId without_profile(NewUuid());
  EXPECT_THAT(users_.GetLocale(Self(without_profile), without_profile), IsOkAndHolds(Locale()));
}

TEST_F(UsersLanguagesTest, TheLanguagesOfNobodyAndOfWhoIsElsewhereAreNotFound) {
  const UserId theirs = Make({.locale = {"de", {}}}, "globex");
  for (const UserId& user : {theirs, UserId(NewUuid())}) {
    EXPECT_EQ(users_.GetLocale(Administrator(), user).status(), UserNotFound());
  }
}

TEST_F(UsersLanguagesTest, GuestsAndJoinAndActivationTokensLearnTheirOwnLanguagesAlone) {
  const UserId ann = Make({.locale = {"de", {}}});
  const UserId bob = Make({.locale = {"fr", {}}});
  const ACaller strong = Self(bob).With(kCompanyAdministrator);
  for (const Caller& caller :
       {ACaller(strong).Joining(kRoom).Build(), ACaller(strong).WithActivationToken().Build(),
        ACaller(strong).AsGuest().Build()}) {
    EXPECT_THAT(users_.GetLocale(caller, bob), IsOkAndHolds(Locale{"fr", {}}));
    EXPECT_THAT(users_.GetLocale(caller, ann), HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  }
}

}  // namespace users_languages_test
}  // namespace usher::user
