#include "services/business_logic/permission_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/a_caller.h"
#include "tests/support/fake_permission_group_store.h"
#include "tests/support/status_matchers.h"

namespace usher::business_logic {
namespace permission_groups_test {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class PermissionGroupsTest : public ::testing::Test {
 protected:
  static Caller Administrator() { return ACaller().With(Permission::kGrantPermissions); }

  std::vector<std::string> Ids(const Caller& caller = ACaller()) {
    const auto listed = groups_.List(caller);
    EXPECT_OK(listed);
    std::vector<std::string> ids;
    for (const PermissionGroup& group : *listed) ids.push_back(group.id);
    return ids;
  }

  const PermissionGroup staff_{"staff", "Staff", 9, {RoomRight::kJoin}};
  FakePermissionGroupStore store_;
  PermissionGroups groups_{store_};
};

TEST_F(PermissionGroupsTest, ACompanyWithoutGroupsGetsThePlatforms) {
  EXPECT_THAT(Ids(), ElementsAre("administrator", "moderator", "participant", "listener", "guest"));
}

// Published clients look for Moderator and Participant: who adds one has not taken those away.
TEST_F(PermissionGroupsTest, TheFirstOwnGroupStandsBesideCopiesOfThePlatforms) {
  EXPECT_OK(groups_.Put(Administrator(), staff_));
  EXPECT_THAT(Ids(), ElementsAre("administrator", "moderator", "participant", "listener", "guest",
                                 "staff"));
}

TEST_F(PermissionGroupsTest, AGroupIsReplacedAsAWhole) {
  EXPECT_OK(groups_.Put(Administrator(), {"guest", "Visitor", 1, {RoomRight::kJoin}}));
  const auto listed = groups_.List(ACaller());
  ASSERT_OK(listed);
  ASSERT_THAT(*listed, SizeIs(5));
  EXPECT_EQ((*listed)[1], (PermissionGroup{"guest", "Visitor", 1, {RoomRight::kJoin}}));
}

TEST_F(PermissionGroupsTest, OneOfThePlatformsIsRemovedForThisCompanyAlone) {
  EXPECT_OK(groups_.Remove(Administrator(), "guest"));
  EXPECT_THAT(Ids(), ElementsAre("administrator", "moderator", "participant", "listener"));
  EXPECT_THAT(Ids(ACaller().In("beta")), SizeIs(5));
}

TEST_F(PermissionGroupsTest, WhoHasRemovedAllIsShownThePlatforms) {
  for (const std::string& id : Ids()) EXPECT_OK(groups_.Remove(Administrator(), id));
  EXPECT_THAT(Ids(), SizeIs(5));
}

TEST_F(PermissionGroupsTest, AGroupThatIsNotThereIsNotFound) {
  EXPECT_THAT(groups_.Remove(Administrator(), "staff"), HasReplyCode(::common::NOT_FOUND));
  EXPECT_OK(groups_.Put(Administrator(), staff_));
  EXPECT_OK(groups_.Remove(Administrator(), "staff"));
  EXPECT_THAT(groups_.Remove(Administrator(), "staff"), HasReplyCode(::common::NOT_FOUND));
}

TEST_F(PermissionGroupsTest, ChangesTakeGrantPermissions) {
  const Caller other =
      ACaller().With(PermissionSet{Permission::kUserAdmin, Permission::kRoomAdmin});
  EXPECT_THAT(groups_.Put(other, staff_), HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(groups_.Remove(other, "guest"), HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Ids(), SizeIs(5));
}

TEST_F(PermissionGroupsTest, AHundredIsTheLimitAndReplacingStaysPossible) {
  for (int i = 5; i < 100; ++i) {
    EXPECT_OK(groups_.Put(Administrator(), {absl::StrCat("g", i), "G", 10, {}}));
  }
  EXPECT_THAT(groups_.Put(Administrator(), staff_), HasReplyCode(::common::QUOTA_EXCEEDED));
  EXPECT_OK(groups_.Put(Administrator(), {"g5", "Other", 10, {}}));
  EXPECT_OK(groups_.Remove(Administrator(), "g6"));
  EXPECT_OK(groups_.Put(Administrator(), staff_));
}

TEST_F(PermissionGroupsTest, GuestsSeeThemAsWell) {
  EXPECT_THAT(groups_.List(ACaller().AsGuest()), IsOkAndHolds(SizeIs(5)));
}

// Else a company's own groups would seem to be gone while its database is.
TEST_F(PermissionGroupsTest, AFailureIsNotTakenForHavingNone) {
  store_.failure = Unreachable("the database");
  EXPECT_THAT(groups_.List(ACaller()), IsUndecided(absl::StatusCode::kUnavailable));
}

}  // namespace permission_groups_test
}  // namespace usher::business_logic
