// What every PermissionGroupStore must do. Instantiated with a fixture that has
// `PermissionGroupStore& store()`, in which no company has groups of its own.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "services/business_logic/permission_group_store.h"
#include "tests/support/a_caller.h"
#include "tests/support/status_matchers.h"

namespace usher::business_logic {

template <class Fixture>
class PermissionGroupStoreContract : public Fixture {
 protected:
  using Groups = std::vector<PermissionGroup>;

  absl::StatusOr<Groups> List(const std::string& company = kCallerCompany) {
    return this->store().List(ACall(), CompanyId(company));
  }
  absl::Status Replace(const Groups& groups, const std::string& company = kCallerCompany) {
    return this->store().Change(ACall(), CompanyId(company), "replaced",
                                [&](const Groups&, const Groups&) { return groups; });
  }
};

TYPED_TEST_SUITE_P(PermissionGroupStoreContract);

// docs/business-logic.md.
TYPED_TEST_P(PermissionGroupStoreContract, ThePlatformsGroupsAreTheDocumentedOnes) {
  const RoomRights listener{RoomRight::kJoin, RoomRight::kChat, RoomRight::kFileList};
  const RoomRights participant =
      listener.Or({RoomRight::kVoice, RoomRight::kVideo, RoomRight::kScreen, RoomRight::kFileUpload,
                   RoomRight::kSubroomCreatePublic, RoomRight::kAction});
  const RoomRights moderator = participant.Or({RoomRight::kPromote, RoomRight::kSubroomManage,
                                               RoomRight::kSubroomCreatePrivate,
                                               RoomRight::kChatBroadcast, RoomRight::kFileAdmin});
  const RoomRights guest{RoomRight::kJoin, RoomRight::kVoice, RoomRight::kVideo, RoomRight::kChat};
  EXPECT_THAT(this->store().ListPlatforms(ACall()),
              IsOkAndHolds(::testing::ElementsAre(
                  PermissionGroup{"administrator", "Administrator", 1, kAllRoomRights},
                  PermissionGroup{"moderator", "Moderator", 2, moderator},
                  PermissionGroup{"participant", "Participant", 3, participant},
                  PermissionGroup{"listener", "Listener", 4, listener},
                  PermissionGroup{"guest", "Guest", 5, guest})));
}

TYPED_TEST_P(PermissionGroupStoreContract, ACompanyWithoutGroupsHasNone) {
  EXPECT_OK(this->Replace({{"staff", "Staff", 1, kAllRoomRights}}, "beta"));
  EXPECT_THAT(this->List(), IsOkAndHolds(::testing::IsEmpty()));
}

TYPED_TEST_P(PermissionGroupStoreContract, AChangeReplacesAllGroupsOfTheCompany) {
  const PermissionGroup zoo{"zoo", "The zoo", 1, {RoomRight::kJoin}};
  const PermissionGroup staff{"staff", "Staff \"\\ {,}", 7, kAllRoomRights};
  const PermissionGroup all{"all", "All", 1, {}};
  EXPECT_OK(this->Replace({zoo, staff, all}));
  EXPECT_THAT(this->List(), IsOkAndHolds(::testing::ElementsAre(all, zoo, staff)));
  EXPECT_OK(this->Replace({staff}));
  EXPECT_THAT(this->List(), IsOkAndHolds(::testing::ElementsAre(staff)));
  EXPECT_OK(this->Replace({}));
  EXPECT_THAT(this->List(), IsOkAndHolds(::testing::IsEmpty()));
}

TYPED_TEST_P(PermissionGroupStoreContract, AChangeIsDecidedOnWhatThereIs) {
  const PermissionGroup staff{"staff", "Staff", 1, kAllRoomRights};
  EXPECT_OK(this->Replace({staff}));
  std::vector<PermissionGroup> seen;
  std::vector<PermissionGroup> platforms;
  EXPECT_OK(
      this->store().Change(ACall(), CompanyId(kCallerCompany), "looked",
                           [&](std::vector<PermissionGroup> own, std::vector<PermissionGroup> all) {
                             seen = own;
                             platforms = std::move(all);
                             return own;
                           }));
  EXPECT_THAT(seen, ::testing::ElementsAre(staff));
  EXPECT_THAT(this->store().ListPlatforms(ACall()), IsOkAndHolds(platforms));
}

TYPED_TEST_P(PermissionGroupStoreContract, ARefusedChangeChangesNothing) {
  const PermissionGroup staff{"staff", "Staff", 1, kAllRoomRights};
  EXPECT_OK(this->Replace({staff}));
  EXPECT_THAT(this->store().Change(
                  ACall(), CompanyId(kCallerCompany), "refused",
                  [](const auto&, const auto&) -> absl::StatusOr<std::vector<PermissionGroup>> {
                    return UserNotFound();
                  }),
              HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(this->List(), IsOkAndHolds(::testing::ElementsAre(staff)));
}

REGISTER_TYPED_TEST_SUITE_P(PermissionGroupStoreContract, ThePlatformsGroupsAreTheDocumentedOnes,
                            ACompanyWithoutGroupsHasNone, AChangeReplacesAllGroupsOfTheCompany,
                            AChangeIsDecidedOnWhatThereIs, ARefusedChangeChangesNothing);

}  // namespace usher::business_logic
