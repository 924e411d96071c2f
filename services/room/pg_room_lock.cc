#include "services/room/pg_room_lock.h"

#include <string>
#include <vector>

#include "common/status/try.h"
#include "services/room/pg_room_rows.h"
#include "services/room/room_sql.h"

namespace usher::room {
namespace {

// Who is named in the change, and the viewer.
std::vector<std::string> NamedUsers(const Viewer& viewer, const RoomChange& change) {
  std::vector<std::string> users;
  users.reserve(change.entries.size() + 1);
  for (const auto& entry : change.entries) users.push_back(entry.first.value());
  if (change.entries.count(viewer.subject) == 0) users.push_back(viewer.subject.value());
  return users;
}

absl::Status FindNamedEntries(db::Transaction& tx, const Viewer& viewer, const RoomId& id,
                              const RoomChange& change, LockedRoom* room) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx.Execute(sql::kFindEntries,
                              {viewer.company, id, db::Param::Array(NamedUsers(viewer, change))}));
  for (size_t i = 0; i < rows.size(); ++i) {
    const UserId user(rows[i].Text(0));
    if (user == viewer.subject) room->access.entry = RightsOf(rows[i], 1);
    if (change.entries.count(user) > 0) room->named_entries.insert(user);
  }
  if (change.entries.empty() && !change.remove_default_rights && !change.default_rights) {
    room->other_administrator = true;  // nothing changes about who has admin
    return absl::OkStatus();
  }
  std::vector<std::string> named;
  for (const auto& entry : change.entries) named.push_back(entry.first.value());
  ASSIGN_OR_RETURN(
      const db::Rows administrators,
      tx.Execute(sql::kFindOtherAdministrator, {viewer.company, id, db::Param::Array(named)}));
  room->other_administrator = !administrators.empty();
  return absl::OkStatus();
}

absl::Status FindNamedSubRooms(db::Transaction& tx, const CompanyId& company, const RoomId& id,
                               const RoomChange& change, LockedRoom* room) {
  if (change.sub_rooms.empty()) return absl::OkStatus();
  std::vector<std::string> named;
  for (const auto& sub_room : change.sub_rooms) named.push_back(sub_room.first.value());
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx.Execute(sql::kFindSubRooms, {company, id, db::Param::Array(named)}));
  for (size_t i = 0; i < rows.size(); ++i) room->named_sub_rooms.insert(SubRoomId(rows[i].Text(0)));
  return absl::OkStatus();
}

absl::Status FindParent(db::Transaction& tx, const Viewer& viewer, const RoomId& id,
                        const RoomChange& change, LockedRoom* room) {
  if (change.parent.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kFindParent, {viewer.company, change.parent,
                                                                      id, viewer.subject}));
  room->parent = {rows[0].Bool(0), rows[0].Bool(2), rows[0].Bool(1)};
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::optional<LockedRoom>> LockRoom(db::Transaction& tx, const Viewer& viewer,
                                                   const RoomId& id, const RoomChange& change) {
  if (!change.parent.empty()) {
    RETURN_IF_ERROR(tx.Execute(sql::kLockParents, {viewer.company}).status());
  }
  ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kLockRoom, {viewer.company, id}));
  if (rows.empty()) return std::nullopt;
  LockedRoom room;
  room.settings.parent = RoomId(rows[0].Text(0));
  room.settings.display_name = rows[0].Text(1);
  room.settings.active_participants = static_cast<uint32_t>(rows[0].Int(2));
  room.settings.allow_spectators = rows[0].Bool(3);
  room.settings.metadata = rows[0].Json(4);
  room.settings.default_rights = RightsOf(rows[0], 5);
  room.access.default_rights = room.settings.default_rights;
  room.access.active_participants = room.settings.active_participants;
  room.entry_count = static_cast<size_t>(rows[0].Int(6));
  room.sub_room_count = static_cast<size_t>(rows[0].Int(7));
  room.settings.passive_participants = static_cast<uint32_t>(rows[0].Int(8));
  room.settings.mode = static_cast<RoomMode>(rows[0].Int(9));
  room.settings.type = static_cast<RoomType>(rows[0].Int(10));
  room.settings.sort = rows[0].Int(11);
  RETURN_IF_ERROR(FindNamedEntries(tx, viewer, id, change, &room));
  RETURN_IF_ERROR(FindNamedSubRooms(tx, viewer.company, id, change, &room));
  RETURN_IF_ERROR(FindParent(tx, viewer, id, change, &room));
  return room;
}

absl::StatusOr<Parent> KeepParent(db::Transaction& tx, const Viewer& viewer, const RoomId& id) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx.Execute(sql::kKeepParent, {viewer.company, id, viewer.subject}));
  Parent parent;
  parent.exists = !rows.empty();
  parent.has_entry = parent.exists && rows[0].Bool(0);
  return parent;
}

}  // namespace usher::room
