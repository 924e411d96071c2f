// A room service that a test tells who may do what in which room.
#pragma once

#include <map>

#include "common/status/reply_error.h"
#include "services/auth/method/methods.h"

namespace usher::auth {

// Not thread-safe. Held to room_directory_contract.h, like the real one.
class FakeRoomDirectory final : public RoomDirectory {
 public:
  // A room of the company in which everybody of it but guests has these rights.
  void Make(const CompanyId& company, const RoomId& room, RoomRights by_default) {
    rooms_[room] = {.company = company, .by_default = by_default, .entries = {}};
  }
  void Destroy(const RoomId& room) { rooms_.erase(room); }
  // In a room that was made.
  void Admit(const RoomId& room, const UserId& user, RoomRights rights) {
    rooms_.at(room).entries[user] = rights;
  }

  absl::StatusOr<RoomRights> RightsInRoom(const Caller& caller, const RoomId& room) override {
    const absl::Status unknown = ReplyError(::common::ROOM_NOT_FOUND, "no such room");
    const auto found = rooms_.find(room);
    if (found == rooms_.end() || found->second.company != caller.company()) return unknown;
    const auto& entries = found->second.entries;
    const auto entry = entries.find(caller.room_subject());
    if (caller.is_guest() && entry == entries.end()) return unknown;
    const bool administers = !caller.is_guest() && caller.Has(Permission::kRoomAdmin);
    if (administers) return kAllRoomRights;
    return entry != entries.end() ? entry->second : found->second.by_default;
  }

 private:
  struct Room {
    CompanyId company;
    RoomRights by_default;
    std::map<UserId, RoomRights> entries;
  };
  std::map<RoomId, Room> rooms_;
};

}  // namespace usher::auth
