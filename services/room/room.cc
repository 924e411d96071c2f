#include "services/room/room.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/room/room_errors.h"

namespace usher::room {
namespace {

RoomRights WithAdminMeaningAll(RoomRights rights) {
  return rights.Has(RoomRight::kAdmin) ? kAllRoomRights : rights;
}

bool GivesAdmin(const std::optional<RoomRights>& rights) {
  return rights.has_value() && rights->Has(RoomRight::kAdmin);
}

absl::Status CheckCounts(size_t entries, size_t sub_rooms, const RoomLimits& limits) {
  if (entries > limits.entries) return FieldTooLong("room.permissions (entries)", limits.entries);
  if (sub_rooms > limits.sub_rooms) {
    return FieldTooLong("room.subRooms (entries)", limits.sub_rooms);
  }
  return absl::OkStatus();
}

void Overwrite(const RoomChange& change, RoomSettings* room) {
  if (!change.parent.empty()) room->parent = change.parent;
  if (!change.display_name.empty()) room->display_name = change.display_name;
  if (change.active_participants) room->active_participants = *change.active_participants;
  if (change.passive_participants) room->passive_participants = *change.passive_participants;
  if (change.allow_spectators) room->allow_spectators = true;
  if (change.mode) room->mode = *change.mode;
  if (change.type) room->type = *change.type;
  if (change.sort) room->sort = *change.sort;
  room->metadata = text::MergeMetadata(std::move(room->metadata), change.metadata);
  if (change.default_rights) room->default_rights = change.default_rights;
  if (change.remove_default_rights) room->default_rights = std::nullopt;
}

// How many there are after `named` (a value, or nothing to delete) has been written over `count`
// ones, of which `present` are among the named.
template <class Named, class Present>
size_t CountAfter(size_t count, const Named& named, const Present& present) {
  for (const auto& [key, value] : named) {
    const bool there = present.count(key) > 0;
    if (value.has_value() && !there) ++count;
    if (!value.has_value() && there) --count;
  }
  return count;
}

}  // namespace

Viewer ViewerWith(const CompanyId& company, const UserId& subject, PermissionSet permissions,
                  bool guest) {
  Viewer viewer;
  viewer.company = company;
  viewer.subject = subject;
  viewer.administers_all = !guest && permissions.Has(Permission::kRoomAdmin);
  viewer.sees_all = viewer.administers_all || (!guest && permissions.Has(Permission::kRoomList));
  viewer.has_defaults = !guest;
  return viewer;
}

RoomRights EffectiveRights(const Viewer& viewer, const RoomAccess& access) {
  if (viewer.administers_all) return kAllRoomRights;
  if (access.entry) return WithAdminMeaningAll(*access.entry);
  if (!viewer.has_defaults) return RoomRights{};
  return WithAdminMeaningAll(access.default_rights.value_or(RoomRights{}));
}

RoomRights EffectiveRightsOfOther(const RoomAccess& access) {
  if (access.other_entry) return WithAdminMeaningAll(*access.other_entry);
  return WithAdminMeaningAll(access.default_rights.value_or(RoomRights{}));
}

RoomAccess AccessTo(const Room& room, const Viewer& viewer) {
  RoomAccess access;
  access.default_rights = room.default_rights;
  access.active_participants = room.active_participants;
  const auto own = room.entries.find(viewer.subject);
  if (own != room.entries.end()) access.entry = own->second;
  return access;
}

std::optional<SeenRoom> SeenBy(const Viewer& viewer, const RoomId& id, Room room) {
  const RoomAccess access = AccessTo(room, viewer);
  const RoomRights mine = EffectiveRights(viewer, access);
  if (!viewer.sees_all && !mine.Has(RoomRight::kJoin)) return std::nullopt;
  if (!mine.Has(RoomRight::kAdmin)) {
    room.entries.clear();
    if (access.entry) room.entries.emplace(viewer.subject, *access.entry);
  }
  return SeenRoom{id, std::move(room), mine};
}

bool MayKnow(const Viewer& viewer, const RoomAccess& access) {
  return viewer.has_defaults || access.entry.has_value();
}

absl::Status CheckParent(const Viewer& viewer, const Parent& parent) {
  if (!parent.exists || (!viewer.has_defaults && !parent.has_entry)) return ParentNotFound();
  return parent.is_within ? ParentClosesCircle() : absl::OkStatus();
}

absl::StatusOr<Room> NewRoom(const Viewer& creator, const RoomChange& draft,
                             const RoomLimits& limits) {
  if (draft.display_name.empty()) return FieldMissing("room.displayName");
  Room room;
  Overwrite(draft, &room);
  for (const auto& [user, rights] : draft.entries) {
    if (rights) room.entries.emplace(user, *rights);
  }
  if (!creator.administers_all) {
    RoomRights& own = room.entries[creator.subject];
    own = own.Or(RoomRights{RoomRight::kAdmin});
  }
  for (const auto& [id, sub_room] : draft.sub_rooms) {
    if (sub_room) room.sub_rooms.emplace(id, *sub_room);
  }
  RETURN_IF_ERROR(CheckCounts(room.entries.size(), room.sub_rooms.size(), limits));
  return room;
}

absl::StatusOr<RoomWrite> Merge(const Viewer& viewer, const LockedRoom& room,
                                const RoomChange& change, const RoomLimits& limits) {
  if (!change.parent.empty()) RETURN_IF_ERROR(CheckParent(viewer, room.parent));
  RoomWrite write;
  write.settings = room.settings;
  Overwrite(change, &write.settings);
  RETURN_IF_ERROR(text::CheckMetadata("room.metadata", write.settings.metadata));
  write.entry_count = CountAfter(room.entry_count, change.entries, room.named_entries);
  write.sub_room_count = CountAfter(room.sub_room_count, change.sub_rooms, room.named_sub_rooms);
  RETURN_IF_ERROR(CheckCounts(write.entry_count, write.sub_room_count, limits));
  return write;
}

bool LeavesNoAdministrator(const LockedRoom& room, const RoomChange& change) {
  if (room.other_administrator) return false;
  const bool given = std::any_of(change.entries.begin(), change.entries.end(),
                                 [](const auto& entry) { return GivesAdmin(entry.second); });
  if (given) return false;
  if (change.remove_default_rights) return true;
  return !GivesAdmin(change.default_rights ? change.default_rights : room.settings.default_rights);
}

std::string Summary(const RoomChange& change) {
  std::vector<std::string> parts;
  if (!change.parent.empty()) parts.push_back("parentId");
  if (!change.display_name.empty()) parts.push_back("displayName");
  if (change.active_participants || change.passive_participants) parts.push_back("quotas");
  if (change.mode) parts.push_back("mode");
  if (change.type) parts.push_back("type");
  if (change.sort) parts.push_back("sort");
  if (change.allow_spectators) parts.push_back("allowSpectators");
  if (!change.metadata.empty()) {
    parts.push_back(absl::StrCat("metadata (", change.metadata.size(), ")"));
  }
  if (change.default_rights || change.remove_default_rights) parts.push_back("defaultPermissions");
  if (!change.entries.empty()) {
    parts.push_back(absl::StrCat("permissions (", change.entries.size(), ")"));
  }
  if (!change.sub_rooms.empty()) {
    parts.push_back(absl::StrCat("subRooms (", change.sub_rooms.size(), ")"));
  }
  return absl::StrJoin(parts, ", ");
}

}  // namespace usher::room
