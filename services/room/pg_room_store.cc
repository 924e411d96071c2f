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
#include "services/room/pg_room_lock.h"
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

// What is to be written under a key of a new room, or of a change; null: it is to be deleted.
template <class Value>
const Value* Given(const Value& value) {
  return &value;
}
template <class Value>
const Value* Given(const std::optional<Value>& value) {
  return value ? &*value : nullptr;
}

template <class Entries>
absl::Status WriteEntries(db::Transaction& tx, const CompanyId& company, const RoomId& id,
                          const Entries& entries) {
  std::vector<std::string> removed;
  std::vector<std::string> users;
  std::vector<std::string> masks;
  for (const auto& [user, given] : entries) {
    const RoomRights* rights = Given(given);
    if (rights == nullptr) {
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

template <class SubRooms>
absl::Status WriteSubRooms(db::Transaction& tx, const CompanyId& company, const RoomId& id,
                           const SubRooms& sub_rooms) {
  std::vector<std::string> removed;
  std::vector<std::string> ids;
  std::vector<std::string> names;
  std::vector<std::string> sorts;
  for (const auto& [sub_room_id, given] : sub_rooms) {
    const SubRoom* sub_room = Given(given);
    if (sub_room == nullptr) {
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

// The maps of a new room, or those of a change to a locked one, one by one over what there is.
template <class Maps>
absl::Status WriteMaps(db::Transaction& tx, const CompanyId& company, const RoomId& id,
                       const Maps& maps) {
  if (maps.entries.empty() && maps.sub_rooms.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(WriteEntries(tx, company, id, maps.entries));
  RETURN_IF_ERROR(WriteSubRooms(tx, company, id, maps.sub_rooms));
  return tx.ExecuteOnRow(sql::kWriteTexts, {company, id});
}

// The columns of kInsertRoom and kUpdateRoom.
std::vector<db::Param> RoomParams(const CompanyId& company, const RoomId& id,
                                  const RoomWrite& write) {
  const RoomSettings& room = write.settings;
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

std::vector<std::string> FirstColumn(const db::Rows& rows) {
  std::vector<std::string> texts;
  texts.reserve(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) texts.push_back(rows[i].Text(0));
  return texts;
}

// The bytes that each room of a page may take without a look at the others: half for its entries,
// half for the rest.
uint64_t ShareOf(const RoomPage& page) {
  return page.most_bytes / 2 / std::max<size_t>(page.limit, 1);
}

}  // namespace

absl::StatusOr<RoomId> PgRoomStore::Insert(const CallContext& call, const Viewer& viewer,
                                           const RoomId& id, const Room& room,
                                           const DecideParent& decide) {
  const CompanyId& company = viewer.company;
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<RoomId> {
    ASSIGN_OR_RETURN(const std::string answer, db::BindIdempotencyKey(tx, call, id.value()));
    if (answer != id.value()) return RoomId(answer);
    if (!room.parent.empty()) {
      ASSIGN_OR_RETURN(const Parent parent, KeepParent(tx, viewer, room.parent));
      RETURN_IF_ERROR(decide(parent));
    }
    const RoomWrite write{room, room.entries.size(), room.sub_rooms.size()};
    RETURN_IF_ERROR(tx.ExecuteOnRow(sql::kInsertRoom, RoomParams(company, id, write)));
    RETURN_IF_ERROR(WriteMaps(tx, company, id, room));
    RETURN_IF_ERROR(db::Audit(tx, call, company, AuditObject(id), "created"));
    return id;
  });
}

absl::StatusOr<bool> PgRoomStore::Update(const CallContext& call, const Viewer& viewer,
                                         const RoomId& id, const RoomChange& change,
                                         const DecideUpdate& decide) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const std::optional<LockedRoom> room, LockRoom(tx, viewer, id, change));
    if (!room) return false;
    ASSIGN_OR_RETURN(const RoomWrite write, decide(*room));
    RETURN_IF_ERROR(tx.ExecuteOnRow(sql::kUpdateRoom, RoomParams(viewer.company, id, write)));
    RETURN_IF_ERROR(WriteMaps(tx, viewer.company, id, change));
    if (news_ != nullptr) RETURN_IF_ERROR(news_->Updated(tx, viewer.company, id, change));
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
    if (news_ != nullptr) RETURN_IF_ERROR(news_->Removed(tx, viewer.company, id));
    RETURN_IF_ERROR(tx.Execute(sql::kMoveChildren, {viewer.company, id, parent}).status());
    RETURN_IF_ERROR(tx.Execute(sql::kRemoveEntries, {viewer.company, id}).status());
    RETURN_IF_ERROR(tx.Execute(sql::kRemoveSubRooms, {viewer.company, id}).status());
    RETURN_IF_ERROR(tx.Execute(sql::kLeaveChat, {viewer.company, id}).status());
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

absl::StatusOr<bool> PgRoomStore::ForgetSome(const CallContext& call, const CompanyId& company,
                                             const UserId& user, uint32_t most) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const db::Rows locked, tx.Execute(sql::kLockRoomsOf, {company, user, most}));
    if (locked.empty()) {
      if (news_ != nullptr) RETURN_IF_ERROR(news_->Forgotten(tx, company, user));
      return false;
    }
    ASSIGN_OR_RETURN(
        const db::Rows gone,
        tx.Execute(sql::kForgetEntries, {company, user, db::Param::Array(FirstColumn(locked))}));
    if (gone.empty()) return true;
    RETURN_IF_ERROR(
        tx.Execute(sql::kCountForgotten, {company, db::Param::Array(FirstColumn(gone))}).status());
    RETURN_IF_ERROR(db::Audit(tx, call, company, absl::StrCat("user ", user.value()),
                              absl::StrCat("forgotten in rooms: ", gone.size())));
    return true;
  });
}

}  // namespace usher::room
