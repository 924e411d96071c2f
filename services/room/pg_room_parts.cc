#include "services/room/pg_room_parts.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/try.h"
#include "services/room/pg_room_rows.h"
#include "services/room/room_sql.h"

namespace usher::room {
namespace {

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

template <class Maps>
absl::StatusOr<db::Rows> WriteBoth(db::Transaction& tx, const CompanyId& company, const RoomId& id,
                                   const Maps& maps, db::Rows texts) {
  if (maps.entries.empty() && maps.sub_rooms.empty()) return texts;
  RETURN_IF_ERROR(WriteEntries(tx, company, id, maps.entries));
  RETURN_IF_ERROR(WriteSubRooms(tx, company, id, maps.sub_rooms));
  return tx.Execute(sql::kWriteTexts, {company, id});
}

}  // namespace

absl::StatusOr<db::Rows> WriteMaps(db::Transaction& tx, const CompanyId& company, const RoomId& id,
                                   const Room& room, db::Rows texts) {
  return WriteBoth(tx, company, id, room, std::move(texts));
}

absl::StatusOr<db::Rows> WriteMaps(db::Transaction& tx, const CompanyId& company, const RoomId& id,
                                   const RoomChange& change, db::Rows texts) {
  return WriteBoth(tx, company, id, change, std::move(texts));
}

Room UpdatedRoom(const Viewer& viewer, const LockedRoom& before, const RoomChange& change,
                 RoomSettings settings, const db::Row& texts) {
  Room room;
  static_cast<RoomSettings&>(room) = std::move(settings);
  if (!ReadEntriesBeside(texts, 0, &room.entries)) {
    if (before.access.entry) room.entries.emplace(viewer.subject, *before.access.entry);
    for (const auto& [user, rights] : change.entries) {
      room.entries.erase(user);
      if (rights) room.entries.emplace(user, *rights);
    }
  }
  if (!ReadSubRoomsBeside(texts, 1, &room.sub_rooms)) {
    for (const auto& [id, sub_room] : change.sub_rooms) {
      if (sub_room) room.sub_rooms.emplace(id, *sub_room);
    }
  }
  return room;
}

}  // namespace usher::room
