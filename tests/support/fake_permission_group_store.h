// Permission groups in memory.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "common/status/try.h"
#include "services/business_logic/permission_group_store.h"

namespace usher::business_logic {

// Not thread-safe. Held to permission_group_store_contract.h, like the real one.
class FakePermissionGroupStore final : public PermissionGroupStore {
 public:
  // All methods fail with it until it is OK.
  absl::Status failure;

  absl::StatusOr<std::vector<PermissionGroup>> List(const CallContext&,
                                                    const CompanyId& company) override {
    if (!failure.ok()) return failure;
    return own_[company];
  }

  absl::StatusOr<std::vector<PermissionGroup>> ListPlatforms(const CallContext&) override {
    if (!failure.ok()) return failure;
    return platforms_;
  }

  absl::Status Change(const CallContext&, const CompanyId& company, const std::string& /*what*/,
                      const DecideGroups& decide) override {
    if (!failure.ok()) return failure;
    std::vector<PermissionGroup>& own = own_[company];
    ASSIGN_OR_RETURN(std::vector<PermissionGroup> changed, decide(own, platforms_));
    std::sort(changed.begin(), changed.end(), [](const auto& a, const auto& b) {
      return std::tie(a.order, a.id) < std::tie(b.order, b.id);
    });
    own = std::move(changed);
    return absl::OkStatus();
  }

 private:
  std::map<CompanyId, std::vector<PermissionGroup>> own_;
  // As migrations/0002_keep_the_platforms_groups.sql.
  const std::vector<PermissionGroup> platforms_ = {
      {"administrator", "Administrator", 1, kAllRoomRights},
      {"moderator",
       "Moderator",
       2,
       {RoomRight::kVoice, RoomRight::kVideo, RoomRight::kPromote, RoomRight::kJoin,
        RoomRight::kScreen, RoomRight::kSubroomManage, RoomRight::kSubroomCreatePublic,
        RoomRight::kSubroomCreatePrivate, RoomRight::kChat, RoomRight::kChatBroadcast,
        RoomRight::kFileAdmin, RoomRight::kFileUpload, RoomRight::kFileList, RoomRight::kAction}},
      {"participant",
       "Participant",
       3,
       {RoomRight::kVoice, RoomRight::kVideo, RoomRight::kJoin, RoomRight::kScreen,
        RoomRight::kSubroomCreatePublic, RoomRight::kChat, RoomRight::kFileUpload,
        RoomRight::kFileList, RoomRight::kAction}},
      {"listener", "Listener", 4, {RoomRight::kJoin, RoomRight::kChat, RoomRight::kFileList}},
      {"guest",
       "Guest",
       5,
       {RoomRight::kVoice, RoomRight::kVideo, RoomRight::kJoin, RoomRight::kChat}}};
};

}  // namespace usher::business_logic
