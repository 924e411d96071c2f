#include "services/auth/directory/directory_presence.h"

#include "services/auth/method/method_errors.h"
#include "tests/support/directory_test_base.h"

namespace usher::auth {
namespace directory_presence_test {

class DirectoryPresenceTest : public DirectoryTestBase {
 protected:
  void Check() {
    clock_.Advance(absl::Hours(1));
    ASSERT_OK(presence_.CheckAll(ACall()));
  }
  AccountStatus StatusOfAccount(const std::string& name) {
    return Find(KeyType::kLdap, name)->method.status;
  }
  FakeDirectory& directory_ = directories_.In("acme");
};

TEST_F(DirectoryPresenceTest, WhoIsStillThereNoticesNothing) {
  MadeAccount("ann");
  const SignedIn signed_in = Got(Enter("ann"));
  Check();
  EXPECT_OK(renewal_.WithRefreshToken(ACall(), RefreshOf(signed_in, "ann")));
}

// L14: "user disabled in LDAP -> refresh 1003".
TEST_F(DirectoryPresenceTest, WhoIsSwitchedOffOrGoneThereCannotGoOn) {
  for (const bool gone : {false, true}) {
    const std::string name = gone ? "gone" : "off";
    MadeAccount(name);
    const SignedIn signed_in = Got(Enter(name));
    if (gone) {
      directory_.Remove(name);
    } else {
      directory_.SwitchOff(name);
    }
    Check();
    EXPECT_EQ(StatusOf(renewal_.WithRefreshToken(ACall(), RefreshOf(signed_in, name))),
              AccountInactive(AccountStatus::kDeactivated));
    EXPECT_FALSE(revocations_.Check(Read(signed_in.access_token)).ok());
    EXPECT_EQ(StatusOfAccount(name), AccountStatus::kDeactivated);
  }
}

TEST_F(DirectoryPresenceTest, WhoIsBackThereComesInAgain) {
  MadeAccount("ann", {Permission::kRoomCreate});
  Got(Enter("ann"));
  directory_.SwitchOff("ann");
  Check();
  directory_.SwitchOff("ann", /*on=*/true);
  const auto again = Enter("ann");
  ASSERT_OK(again);
  EXPECT_EQ(again->permissions, PermissionSet{Permission::kRoomCreate});
  EXPECT_EQ(Find(KeyType::kLdap, "ann")->method.metadata.count(kSwitchedOffByKey), 0U);
}

TEST_F(DirectoryPresenceTest, WhomAnAdministratorHasSwitchedOffStaysOff) {
  const UserId ann = MadeAccount("ann");
  Got(Enter("ann"));
  directory_.SwitchOff("ann");
  Check();
  MethodWish off = Account("ann");
  off.status = AccountStatus::kDeactivated;
  ASSERT_OK(Update(Administrator(), ann, off));
  directory_.SwitchOff("ann", /*on=*/true);
  EXPECT_EQ(StatusOf(Enter("ann")), AccountInactive(AccountStatus::kDeactivated));
}

TEST_F(DirectoryPresenceTest, WhoHasGotTheNameOfSomebodyIsNotTakenForThem) {
  MadeAccount("ann");
  Got(Enter("ann"));
  directory_.Remove("ann");
  directory_.Add({.name = "ann"}, kGoodPassword);
  Check();
  EXPECT_EQ(StatusOfAccount("ann"), AccountStatus::kDeactivated);
}

TEST_F(DirectoryPresenceTest, ADirectoryThatDoesNotAnswerSwitchesNobodyOff) {
  MadeAccount("ann");
  const SignedIn signed_in = Got(Enter("ann"));
  directory_.SwitchOff("ann");
  directory_.Break();
  Check();
  EXPECT_OK(renewal_.WithRefreshToken(ACall(), RefreshOf(signed_in, "ann")));
  // And is asked again as soon as it does.
  directory_.Break(false);
  ASSERT_OK(presence_.CheckAll(ACall()));
  EXPECT_EQ(StatusOfAccount("ann"), AccountStatus::kDeactivated);
}

TEST_F(DirectoryPresenceTest, ADirectoryThatHasNobodyAnyMoreIsNotBelieved) {
  const std::vector<std::string> names = {"a", "b", "c", "d", "e"};
  for (const std::string& name : names) {
    MadeAccount(name);
    Got(Enter(name));
    directory_.SwitchOff(name);
  }
  Check();
  for (const std::string& name : names) {
    EXPECT_EQ(StatusOfAccount(name), AccountStatus::kActivated) << name;
  }
  directory_.SwitchOff("a", /*on=*/true);
  Check();
  EXPECT_EQ(StatusOfAccount("a"), AccountStatus::kActivated);
  EXPECT_EQ(StatusOfAccount("b"), AccountStatus::kDeactivated);
}

TEST_F(DirectoryPresenceTest, OfAllWhoWereAskedForSomeHaveToBeThere) {
  EXPECT_TRUE(IsBelievable(4, 4));
  EXPECT_FALSE(IsBelievable(5, 5));
  EXPECT_TRUE(IsBelievable(5, 4));
  EXPECT_TRUE(IsBelievable(1000, 0));
}

TEST_F(DirectoryPresenceTest, NobodyIsAskedForMoreOftenThanTheDirectorySays) {
  MadeAccount("ann");
  Got(Enter("ann"));
  Check();
  const int asked = directory_.asked();
  ASSERT_OK(presence_.CheckAll(ACall()));
  EXPECT_EQ(directory_.asked(), asked);
  clock_.Advance(directory_.rules().check_period);
  ASSERT_OK(presence_.CheckAll(ACall()));
  EXPECT_EQ(directory_.asked(), asked + 1);
}

TEST_F(DirectoryPresenceTest, OnlyWhoIsSignedInIsAskedForAndOnlyWherePeopleCanBeLookedFor) {
  MadeAccount("ann");
  Check();
  EXPECT_EQ(directory_.asked(), 0);
  Got(Enter("ann"));
  directory_.changeable_rules().finds = false;
  const int asked = directory_.asked();
  Check();
  EXPECT_EQ(directory_.asked(), asked);
}

// Else nobody could let others in any more. But what was opened is over.
TEST_F(DirectoryPresenceTest, TheLastAdministratorIsSignedOutAndNotSwitchedOff) {
  MadeAccount("ann", {Permission::kGrantPermissions});
  const SignedIn signed_in = Got(Enter("ann"));
  directory_.SwitchOff("ann");
  Check();
  EXPECT_EQ(StatusOfAccount("ann"), AccountStatus::kActivated);
  EXPECT_THAT(renewal_.WithRefreshToken(ACall(), RefreshOf(signed_in, "ann")),
              HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_FALSE(revocations_.Check(Read(signed_in.access_token)).ok());
}

TEST_F(DirectoryPresenceTest, OneDirectoryThatIsOutOfReachHoldsUpNoOther) {
  MadeAccount("ann");
  Got(Enter("ann"));
  directory_.SwitchOff("ann");
  directories_.In("aaa").Break();
  Check();
  EXPECT_EQ(StatusOfAccount("ann"), AccountStatus::kDeactivated);
}

}  // namespace directory_presence_test
}  // namespace usher::auth
