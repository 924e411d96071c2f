#include "services/room/pg_room_store.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/db/audit.h"
#include "common/db/idempotency.h"
#include "common/db/transaction.h"
#include "common/status/try.h"
#include "services/room/pg_room_rows.h"
#include "services/room/room_errors.h"
#include "services/room/room_sql.h"

namespace usher::room {
namespace {

db::Param MaskOf(const std::optional<RoomRights>& rights) {
  if (!rights) return std::nullopt;
  return rights->mask();
}

std::string AuditObject(const RoomId& id) { return absl::StrCat("room ", id.value()); }

absl::Status WriteEntries(db::Transaction& tx, const CompanyId& company, const RoomId& id,
                          const std::map<UserId, std::optional<RoomRights>>& entries) {
  std::vector<std::string> removed;
  std::vector<std::string> users;
  std::vector<std::string> masks;
  for (const auto& [user, rights] : entries) {
    if (!rights) {
      removed.push_back(user.value());
      continue;
    }
    users.push_back(user.value());
    masks.push_back(absl::StrCat(rights->mask()));
  }
  if (!removed.empty()) {
    RETURN_IF_ERROR(
        tx.Execute(sql::kRemoveNamedEntries, {company, id, db::Param::Array(removed)}).status());
  }
  if (users.empty()) return absl::OkStatus();
  return tx
      .Execute(sql::kWriteEntries, {company, id, db::Param::Array(users), db::Param::Array(masks)})
      .status();
}

absl::Status WriteSubRooms(db::Transaction& tx, const CompanyId& company, const RoomId& id,
                           const std::map<SubRoomId, std::optional<SubRoom>>& sub_rooms) {
  std::vector<std::string> removed;
  std::vector<std::string> ids;
  std::vector<std::string> names;
  std::vector<std::string> sorts;
  for (const auto& [sub_room_id, sub_room] : sub_rooms) {
    if (!sub_room) {
      removed.push_back(sub_room_id.value());
      continue;
    }
    ids.push_back(sub_room_id.value());
    names.push_back(sub_room->display_name);
    sorts.push_back(absl::StrCat(sub_room->sort));
  }
  if (!removed.empty()) {
    RETURN_IF_ERROR(
        tx.Execute(sql::kRemoveNamedSubRooms, {company, id, db::Param::Array(removed)}).status());
  }
  if (ids.empty()) return absl::OkStatus();
  return tx
      .Execute(sql::kWriteSubRooms, {company, id, db::Param::Array(ids), db::Param::Array(names),
                                     db::Param::Array(sorts)})
      .status();
}

// Entries and sub-rooms of a room that is new or locked, one by one over what there is.
absl::Status WriteMaps(db::Transaction& tx, const CompanyId& company, const RoomId& id,
                       const std::map<UserId, std::optional<RoomRights>>& entries,
                       const std::map<SubRoomId, std::optional<SubRoom>>& sub_rooms) {
  if (entries.empty() && sub_rooms.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(WriteEntries(tx, company, id, entries));
  RETURN_IF_ERROR(WriteSubRooms(tx, company, id, sub_rooms));
  return tx.ExecuteOnRow(sql::kWriteTexts, {company, id});
}

// The columns of kInsertRoom and kUpdateRoom.
std::vector<db::Param> RoomParams(const CompanyId& company, const RoomId& id,
                                  const RoomWrite& write) {
  const Room& room = write.settings;
  return {company,
          id,
          room.parent,
          room.display_name,
          room.active_participants,
          room.allow_spectators,
          db::Param::Json(room.metadata),
          MaskOf(room.default_rights),
          static_cast<uint64_t>(write.entry_count),
          static_cast<uint64_t>(write.sub_room_count)};
}

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

absl::Status FindParent(db::Transaction& tx, const CompanyId& company, const RoomId& id,
                        const RoomChange& change, LockedRoom* room) {
  if (change.parent.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kFindParent, {company, change.parent, id}));
  room->parent_exists = rows[0].Bool(0);
  room->parent_is_within = rows[0].Bool(1);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<LockedRoom>> Lock(db::Transaction& tx, const Viewer& viewer,
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
  RETURN_IF_ERROR(FindNamedEntries(tx, viewer, id, change, &room));
  RETURN_IF_ERROR(FindNamedSubRooms(tx, viewer.company, id, change, &room));
  RETURN_IF_ERROR(FindParent(tx, viewer.company, id, change, &room));
  return room;
}

// The bytes that each room of a page may take without a look at the others: half for its entries,
// half for the rest.
uint64_t ShareOf(const RoomPage& page) {
  return page.most_bytes / 2 / std::max<size_t>(page.limit, 1);
}

}  // namespace

absl::StatusOr<std::optional<RoomId>> PgRoomStore::Insert(const CallContext& call,
                                                          const CompanyId& company,
                                                          const RoomId& id, const Room& room) {
  using Inserted = absl::StatusOr<std::optional<RoomId>>;
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> Inserted {
    ASSIGN_OR_RETURN(const std::string answer, db::BindIdempotencyKey(tx, call, id.value()));
    if (answer != id.value()) return RoomId(answer);
    if (!room.parent.empty()) {
      ASSIGN_OR_RETURN(const db::Rows parent, tx.Execute(sql::kKeepParent, {company, room.parent}));
      if (parent.empty()) {
        RETURN_IF_ERROR(db::ReleaseIdempotencyKey(tx, call));
        return std::nullopt;
      }
    }
    const RoomWrite write{room, room.entries.size(), room.sub_rooms.size()};
    RETURN_IF_ERROR(tx.ExecuteOnRow(sql::kInsertRoom, RoomParams(company, id, write)));
    RETURN_IF_ERROR(WriteMaps(tx, company, id, {room.entries.begin(), room.entries.end()},
                              {room.sub_rooms.begin(), room.sub_rooms.end()}));
    RETURN_IF_ERROR(db::Audit(tx, call, company, AuditObject(id), "created"));
    return id;
  });
}

absl::StatusOr<bool> PgRoomStore::Update(const CallContext& call, const Viewer& viewer,
                                         const RoomId& id, const RoomChange& change,
                                         const DecideUpdate& decide) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const std::optional<LockedRoom> room, Lock(tx, viewer, id, change));
    if (!room) return false;
    ASSIGN_OR_RETURN(const RoomWrite write, decide(*room));
    RETURN_IF_ERROR(tx.ExecuteOnRow(sql::kUpdateRoom, RoomParams(viewer.company, id, write)));
    RETURN_IF_ERROR(WriteMaps(tx, viewer.company, id, change.entries, change.sub_rooms));
    RETURN_IF_ERROR(db::Audit(tx, call, viewer.company, AuditObject(id),
                              absl::StrCat("updated: ", Summary(change))));
    return true;
  });
}

absl::StatusOr<ListedRooms> PgRoomStore::List(const CallContext& call, const Viewer& viewer,
                                              const RoomPage& page) {
  std::vector<db::Param> params = {viewer.company,      viewer.subject, viewer.administers_all,
                                   viewer.has_defaults, !page.ids_only, page.limit,
                                   page.offset,         ShareOf(page)};
  const db::Statement* statement = viewer.sees_all ? &sql::kListAllRooms : &sql::kListOpenRooms;
  if (page.only) {
    params.push_back(db::Param::Array(*page.only));
    params.push_back(viewer.sees_all);
    statement = &sql::kListNamedRooms;
  }
  ASSIGN_OR_RETURN(db::Rows rows, db::Execute(call, pool_, *statement, params));
  if (page.ids_only) return ListedRoomsOf(std::move(rows), std::nullopt, viewer);
  const PageIds ids = PageIdsOf(rows);
  if (ids.heavy.empty()) return ListedRoomsOf(std::move(rows), std::nullopt, viewer);
  ASSIGN_OR_RETURN(
      db::Rows heavy,
      db::Execute(call, pool_, sql::kListHeavyRooms,
                  {viewer.company, viewer.subject, viewer.administers_all, viewer.has_defaults,
                   db::Param::Array(ids.all), static_cast<uint64_t>(page.most_bytes),
                   db::Param::Array(ids.heavy)}));
  if (AreLeftOut(heavy)) return ReplyTooLarge();
  return ListedRoomsOf(std::move(rows), std::move(heavy), viewer);
}

absl::StatusOr<bool> PgRoomStore::Remove(const CallContext& call, const Viewer& viewer,
                                         const RoomId& id, const DecideRemoval& decide) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<bool> {
    RETURN_IF_ERROR(tx.Execute(sql::kLockParents, {viewer.company}).status());
    ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kLockForRemoval, {viewer.company, id}));
    if (rows.empty()) return false;
    const RoomId parent(rows[0].Text(0));
    RoomAccess access;
    access.active_participants = static_cast<uint32_t>(rows[0].Int(1));
    access.default_rights = RightsOf(rows[0], 2);
    ASSIGN_OR_RETURN(
        const db::Rows own,
        tx.Execute(sql::kFindEntries,
                   {viewer.company, id, db::Param::Array(std::vector{viewer.subject})}));
    if (!own.empty()) access.entry = RightsOf(own[0], 1);
    RETURN_IF_ERROR(decide(access));
    RETURN_IF_ERROR(tx.Execute(sql::kMoveChildren, {viewer.company, id, parent}).status());
    RETURN_IF_ERROR(tx.Execute(sql::kRemoveEntries, {viewer.company, id}).status());
    RETURN_IF_ERROR(tx.Execute(sql::kRemoveSubRooms, {viewer.company, id}).status());
    RETURN_IF_ERROR(tx.ExecuteOnRow(sql::kRemoveRoom, {viewer.company, id}));
    RETURN_IF_ERROR(db::Audit(tx, call, viewer.company, AuditObject(id), "destroyed"));
    return true;
  });
}

absl::StatusOr<std::optional<RoomAccess>> PgRoomStore::FindAccess(const CallContext& call,
                                                                  const Viewer& viewer,
                                                                  const RoomId& id,
                                                                  const UserId& other) {
  ASSIGN_OR_RETURN(const db::Rows rows, db::Execute(call, pool_, sql::kFindAccess,
                                                    {viewer.company, id, viewer.subject, other}));
  if (rows.empty()) return std::nullopt;
  RoomAccess access;
  access.default_rights = RightsOf(rows[0], 0);
  access.entry = RightsOf(rows[0], 1);
  access.other_entry = RightsOf(rows[0], 2);
  access.active_participants = static_cast<uint32_t>(rows[0].Int(3));
  return access;
}

}  // namespace usher::room
