// A room: its values, the rules that they keep, and what somebody may do in it. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/id.h"
#include "common/permission/permission.h"
#include "common/text/text_rules.h"

namespace usher::room {

// Numbers of common.RoomMode and common.RoomType, where 0 is "not given".
enum class RoomMode { kNormal = 1, kExam = 2, kSpectator = 3 };
enum class RoomType { kDepartment = 1, kRoom = 2 };

struct SubRoom {
  std::string display_name;
  uint32_t sort = 0;

  friend bool operator==(const SubRoom&, const SubRoom&) = default;
};

// What a room is besides what may be large.
struct RoomSettings {
  RoomId parent;  // empty: at the top
  std::string display_name;
  uint32_t active_participants = 0;   // 0: no limit
  uint32_t passive_participants = 0;  // likewise, of spectators
  bool allow_spectators = false;
  RoomMode mode = RoomMode::kNormal;
  RoomType type = RoomType::kRoom;
  int64_t sort = 0;  // place among the rooms with the same parent: room_order.h
  text::Metadata metadata;
  std::optional<RoomRights> default_rights;  // of everybody but guests who has no entry

  friend bool operator==(const RoomSettings&, const RoomSettings&) = default;
};

struct Room : RoomSettings {
  std::map<UserId, RoomRights> entries;
  std::map<SubRoomId, SubRoom> sub_rooms;

  friend bool operator==(const Room&, const Room&) = default;
};

// A room as somebody sees it.
struct SeenRoom {
  RoomId id;
  Room room;        // `entries`: the own one alone, unless they may administer the room
  RoomRights mine;  // that they have in it
};

// What a request gives: all that a new room has, or what is to be added to a room and overwritten.
struct RoomChange {
  RoomId parent;                                // empty: stays
  std::string display_name;                     // empty: stays
  std::optional<uint32_t> active_participants;  // nothing: stays
  std::optional<uint32_t> passive_participants;
  std::optional<RoomMode> mode;
  std::optional<RoomType> type;
  std::optional<int64_t> sort;
  bool allow_spectators = false;  // false: stays, as the wire cannot tell it from "not given"
  text::Metadata metadata;        // entry by entry; an empty value deletes
  std::optional<RoomRights> default_rights;               // nothing: stay
  bool remove_default_rights = false;                     // wins over default_rights
  std::map<UserId, std::optional<RoomRights>> entries;    // one by one; nothing: deletes
  std::map<SubRoomId, std::optional<SubRoom>> sub_rooms;  // one by one; nothing: deletes
};

struct RoomLimits {
  size_t entries = 10000;
  size_t sub_rooms = 500;
};

// Who looks at rooms, as far as rooms make a difference.
struct Viewer {
  CompanyId company;
  UserId subject;                // under whom entries are kept
  bool sees_all = false;         // every room of the company
  bool administers_all = false;  // likewise
  bool has_defaults = false;     // default rights hold for the viewer; never for guests
};

// Backend permissions and default rights open rooms to users of the company, never to guests.
Viewer ViewerWith(const CompanyId& company, const UserId& subject, PermissionSet permissions,
                  bool guest);

// Where the rights of a viewer in a room come from.
struct RoomAccess {
  std::optional<RoomRights> entry;
  std::optional<RoomRights> default_rights;
  std::optional<RoomRights> other_entry;  // of the other user who was asked about
  uint32_t active_participants = 0;

  friend bool operator==(const RoomAccess&, const RoomAccess&) = default;
};

// To a room with all its entries.
RoomAccess AccessTo(const Room& room, const Viewer& viewer);

// docs/contract.md, "RoomService". `admin` means all rights.
RoomRights EffectiveRights(const Viewer& viewer, const RoomAccess& access);
// Of the other user who was asked about, who is taken for a user of the company without backend
// permissions: whether that is so is known to auth alone.
RoomRights EffectiveRightsOfOther(const RoomAccess& access);

// Nothing where the viewer would not find it in a list either.
std::optional<SeenRoom> SeenBy(const Viewer& viewer, const RoomId& id, Room room);

// Whether the viewer may learn that there is such a room. Users of the company may; guests know the
// rooms in which they have an entry.
bool MayKnow(const Viewer& viewer, const RoomAccess& access);

// The room that is to become somebody's parent.
struct Parent {
  bool exists = false;
  bool has_entry = false;  // of the viewer
  bool is_within = false;  // it is the room itself or lies below it
};

// ROOM_NOT_FOUND for a parent that is not there, or that the viewer may not know about;
// ROOM_INVALID for one that would close a circle.
absl::Status CheckParent(const Viewer& viewer, const Parent& parent);

// A room under the lock of an update, with as much of it as the rules need.
struct LockedRoom {
  RoomSettings settings;
  RoomAccess access;
  size_t entry_count = 0;
  size_t sub_room_count = 0;
  std::set<UserId> named_entries;       // those that the change names and the room has
  std::set<SubRoomId> named_sub_rooms;  // likewise
  bool other_administrator = false;     // an entry with admin that the change does not name
  Parent parent;                        // that the change gives, if it gives one
};

// What is written back, besides the entries and sub-rooms of the change.
struct RoomWrite {
  RoomSettings settings;
  size_t entry_count = 0;
  size_t sub_room_count = 0;
};

// The room that a creating request describes. Whoever creates it gets `admin`, unless nothing in it
// takes that of them. REQUEST_EMPTY without a display name, MAX_SIZE_EXCEEDED above the limits.
absl::StatusOr<Room> NewRoom(const Viewer& creator, const RoomChange& draft,
                             const RoomLimits& limits);

// The room after the change. Errors of CheckParent, MAX_SIZE_EXCEEDED above the limits.
absl::StatusOr<RoomWrite> Merge(const Viewer& viewer, const LockedRoom& room,
                                const RoomChange& change, const RoomLimits& limits);

// True when the change takes the last `admin` away from entries and default rights.
bool LeavesNoAdministrator(const LockedRoom& room, const RoomChange& change);

// What the change is about, for the audit row: "displayName, permissions (2)". No values.
std::string Summary(const RoomChange& change);

}  // namespace usher::room
