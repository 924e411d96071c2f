// A room service that a test tells who can see which rooms.
#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "common/status/try.h"
#include "common/token/access_token.h"
#include "services/business_logic/visible_rooms.h"

namespace usher::business_logic {

// Not thread-safe. Held to visible_rooms_contract.h, like the real one.
class FakeVisibleRooms final : public VisibleRooms {
 public:
  // What a user of the company sees who has an entry, whatever the user holds.
  void Show(const CompanyId& company, const UserId& user, const RoomId& room) {
    visible_[{company, user}].insert(room);
  }
  void Hide(const CompanyId& company, const UserId& user, const RoomId& room) {
    visible_[{company, user}].erase(room);
  }
  // All rooms that there are: for who holds ROOM_LIST or ROOM_ADMIN and is no guest.
  void Make(const CompanyId& company, const RoomId& room) { rooms_[company].insert(room); }

  absl::StatusOr<std::set<RoomId>> ToCaller(const CallContext& call,
                                            const std::vector<RoomId>& rooms) override {
    ASSIGN_OR_RETURN(const token::AccessToken token, token::ParsePayload(call.access_token));
    return ToUser(call, {.user = token.user, .usable = token.permissions, .guest = token.guest},
                  rooms);
  }
  absl::StatusOr<std::set<RoomId>> ToUser(const CallContext& call, const KnownUser& user,
                                          const std::vector<RoomId>& rooms) override {
    ++calls;
    if (!failure.ok()) return failure;
    const bool sees_all = !user.guest && (user.usable.Has(Permission::kRoomList) ||
                                          user.usable.Has(Permission::kRoomAdmin));
    std::set<RoomId> found;
    for (const RoomId& room : rooms) {
      const bool shown = visible_[{call.company, user.user}].count(room) > 0;
      if (shown || (sees_all && rooms_[call.company].count(room) > 0)) found.insert(room);
    }
    return found;
  }

  absl::Status failure;  // what every call answers, unless OK
  int calls = 0;         // so far

 private:
  std::map<std::pair<CompanyId, UserId>, std::set<RoomId>> visible_;
  std::map<CompanyId, std::set<RoomId>> rooms_;
};

}  // namespace usher::business_logic
