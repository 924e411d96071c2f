#include "services/business_logic/permission_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/support/a_caller.h"
#include "tests/support/status_matchers.h"

namespace usher::business_logic {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class FakePermissionGroupStore final : public PermissionGroupStore {
 public:
  absl::StatusOr<std::vector<PermissionGroup>> List(const CallContext&,
                                                    const CompanyId& company) override {
    if (!failure.ok()) return failure;
    return groups[company];
  }
  std::map<CompanyId, std::vector<PermissionGroup>> groups;
  absl::Status failure;
};

class PermissionGroupsTest : public ::testing::Test {
 protected:
  FakePermissionGroupStore store_;
  PermissionGroups groups_{store_};
};

// docs/business-logic.md.
TEST_F(PermissionGroupsTest, ThePlatformsGroupsAreTheDocumentedOnes) {
  const RoomRights listener{RoomRight::kJoin, RoomRight::kChat, RoomRight::kFileList};
  const RoomRights participant =
      listener.Or({RoomRight::kVoice, RoomRight::kVideo, RoomRight::kScreen, RoomRight::kFileUpload,
                   RoomRight::kSubroomCreatePublic, RoomRight::kAction});
  const RoomRights moderator = participant.Or({RoomRight::kPromote, RoomRight::kSubroomManage,
                                               RoomRight::kSubroomCreatePrivate,
                                               RoomRight::kChatBroadcast, RoomRight::kFileAdmin});
  const RoomRights guest{RoomRight::kJoin, RoomRight::kVoice, RoomRight::kVideo, RoomRight::kChat};
  EXPECT_THAT(DefaultPermissionGroups(),
              ElementsAre(PermissionGroup{"administrator", "Administrator", 1, kAllRoomRights},
                          PermissionGroup{"moderator", "Moderator", 2, moderator},
                          PermissionGroup{"participant", "Participant", 3, participant},
                          PermissionGroup{"listener", "Listener", 4, listener},
                          PermissionGroup{"guest", "Guest", 5, guest}));
}

TEST_F(PermissionGroupsTest, ACompanyWithoutGroupsGetsThePlatforms) {
  store_.groups[CompanyId("beta")] = {{"staff", "Staff", 1, kAllRoomRights}};
  EXPECT_THAT(groups_.List(ACaller()), IsOkAndHolds(DefaultPermissionGroups()));
}

TEST_F(PermissionGroupsTest, ACompanyWithGroupsGetsItsOwnInstead) {
  const PermissionGroup staff{"staff", "Staff", 1, {RoomRight::kJoin}};
  store_.groups[CompanyId("acme")] = {staff};
  EXPECT_THAT(groups_.List(ACaller()), IsOkAndHolds(ElementsAre(staff)));
}

TEST_F(PermissionGroupsTest, GuestsSeeThemAsWell) {
  EXPECT_THAT(groups_.List(ACaller().AsGuest()), IsOkAndHolds(SizeIs(5)));
}

// Else a company's own groups would seem to be gone while its database is.
TEST_F(PermissionGroupsTest, AFailureIsNotTakenForHavingNone) {
  store_.failure = Unreachable("the database");
  EXPECT_THAT(groups_.List(ACaller()), IsUndecided(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace usher::business_logic
