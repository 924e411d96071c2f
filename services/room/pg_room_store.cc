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
#include "services/room/pg_room_order.h"
#include "services/room/pg_room_parts.h"
#include "services/room/pg_room_rows.h"
#include "services/room/room_errors.h"
#include "services/room/room_list_sql.h"
#include "services/room/room_sql.h"

namespace usher::room {
namespace {

db::Param MaskOf(const std::optional<RoomRights>& rights) {
  if (!rights) return std::nullopt;
  return rights->mask();
}

std::string AuditObject(const RoomId& id) { return absl::StrCat("room ", id.value()); }

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
          static_cast<uint64_t>(write.sub_room_count),
          room.passive_participants,
          static_cast<int32_t>(room.mode),
          static_cast<int32_t>(room.type),
          room.sort};
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

// Which parts of rooms are wanted: bits as in room_list_sql.h.
int32_t PartsOf(const RoomPage& page) {
  if (page.ids_only) return 0;
  return 8 + (page.with_metadata ? 1 : 0) + (page.with_others ? 2 : 0) +
         (page.with_sub_rooms ? 4 : 0);
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
    ASSIGN_OR_RETURN(db::Rows made, tx.Execute(sql::kInsertRoom, RoomParams(company, id, write)));
    RETURN_IF_ERROR(WriteMaps(tx, company, id, room, std::move(made)).status());
    RETURN_IF_ERROR(db::Audit(tx, call, company, AuditObject(id), "created"));
    return id;
  });
}

absl::StatusOr<std::optional<Room>> PgRoomStore::Update(const CallContext& call,
                                                        const Viewer& viewer, const RoomId& id,
                                                        const RoomChange& change,
                                                        const DecideUpdate& decide) {
  using Updated = absl::StatusOr<std::optional<Room>>;
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> Updated {
    ASSIGN_OR_RETURN(const std::optional<LockedRoom> room, LockRoom(tx, viewer, id, change));
    if (!room) return std::nullopt;
    ASSIGN_OR_RETURN(RoomWrite write, decide(*room));
    ASSIGN_OR_RETURN(db::Rows texts,
                     tx.Execute(sql::kUpdateRoom, RoomParams(viewer.company, id, write)));
    ASSIGN_OR_RETURN(texts, WriteMaps(tx, viewer.company, id, change, std::move(texts)));
    if (texts.empty()) return absl::InternalError("a locked room is gone");
    if (news_ != nullptr) RETURN_IF_ERROR(news_->Updated(tx, viewer.company, id, change));
    RETURN_IF_ERROR(db::Audit(tx, call, viewer.company, AuditObject(id),
                              absl::StrCat("updated: ", Summary(change))));
    return UpdatedRoom(viewer, *room, change, std::move(write.settings), texts[0]);
  });
}

absl::Status PgRoomStore::Sort(const CallContext& call, const Viewer& viewer,
                               const std::vector<RoomMove>& moves, const DecideMove& decide) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    for (const RoomMove& move : moves) {
      RETURN_IF_ERROR(MoveRoom(tx, viewer, move, decide));
      RETURN_IF_ERROR(db::Audit(tx, call, viewer.company, AuditObject(move.room), "moved"));
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<ListedRooms> PgRoomStore::List(const CallContext& call, const Viewer& viewer,
                                              const RoomPage& page) {
  // What may be joined is what is seen by who does not see all.
  const bool all = viewer.sees_all && (viewer.administers_all || !page.joinable_only);
  std::vector<db::Param> params = {viewer.company,      viewer.subject, viewer.administers_all,
                                   viewer.has_defaults, PartsOf(page),  page.limit,
                                   page.offset,         ShareOf(page)};
  const db::Statement* statement = all ? &sql::kListAllRooms : &sql::kListOpenRooms;
  if (page.only) {
    params.push_back(db::Param::Array(*page.only));
    params.push_back(all);
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
                   db::Param::Array(ids.heavy), PartsOf(page)}));
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
