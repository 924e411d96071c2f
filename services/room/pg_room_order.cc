#include "services/room/pg_room_order.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/try.h"
#include "services/room/pg_room_lock.h"
#include "services/room/room_errors.h"
#include "services/room/room_order_sql.h"
#include "services/room/room_sql.h"

namespace usher::room {
namespace {

// Before every room there is.
constexpr char kNoRoom[] = "00000000-0000-0000-0000-000000000000";

// The number of the room to be moved behind; nothing: to the first place.
absl::StatusOr<std::optional<int64_t>> FindPredecessor(db::Transaction& tx, const Viewer& viewer,
                                                       const RoomMove& move) {
  if (move.after.empty()) return std::nullopt;
  if (move.after == move.room) return PredecessorNotFound();
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      tx.Execute(sql::kFindPredecessor, {viewer.company, move.after, move.parent, viewer.subject}));
  if (rows.empty()) return PredecessorNotFound();
  const bool has_entry = rows[0].Bool(1);
  if (!viewer.has_defaults && !has_entry) return PredecessorNotFound();
  return rows[0].Int(0);
}

// The number of the room that will come behind it; nothing: none will.
absl::StatusOr<std::optional<int64_t>> FindSuccessor(db::Transaction& tx, const Viewer& viewer,
                                                     const RoomMove& move,
                                                     const std::optional<int64_t>& before) {
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      tx.Execute(sql::kFindSuccessor,
                 {viewer.company, move.parent, before.value_or(std::numeric_limits<int64_t>::min()),
                  before ? db::Param(move.after) : db::Param(kNoRoom), move.room}));
  if (rows.empty()) return std::nullopt;
  return rows[0].Int(0);
}

// Gives the rooms beside it new numbers, with one left out for the room; answers that one.
absl::StatusOr<int64_t> NumberAnew(db::Transaction& tx, const Viewer& viewer,
                                   const RoomMove& move) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx.Execute(sql::kListSiblings, {viewer.company, move.parent, move.room,
                                                   static_cast<uint64_t>(kMostNumbered + 1)}));
  if (rows.size() > kMostNumbered) return TooManyToNumber(kMostNumbered);
  std::vector<std::string> rooms;
  for (size_t i = 0; i < rows.size(); ++i) rooms.push_back(rows[i].Text(0));
  const auto after = std::find(rooms.begin(), rooms.end(), move.after.value());
  const auto place =
      static_cast<size_t>((after == rooms.end() ? rooms.begin() : after + 1) - rooms.begin());
  std::vector<int64_t> places = NewPlaces(rooms.size() + 1);
  const int64_t own = places[place];
  places.erase(places.begin() + static_cast<std::ptrdiff_t>(place));
  std::vector<std::string> numbers;
  for (const int64_t number : places) numbers.push_back(absl::StrCat(number));
  RETURN_IF_ERROR(tx.Execute(sql::kNumberRooms,
                             {viewer.company, db::Param::Array(rooms), db::Param::Array(numbers)})
                      .status());
  return own;
}

}  // namespace

absl::Status MoveRoom(db::Transaction& tx, const Viewer& viewer, const RoomMove& move,
                      const DecideMove& decide) {
  RETURN_IF_ERROR(tx.Execute(sql::kLockParents, {viewer.company}).status());
  RoomChange change;
  change.parent = move.parent;
  ASSIGN_OR_RETURN(const std::optional<LockedRoom> room, LockRoom(tx, viewer, move.room, change));
  if (!room) return RoomNotFound();
  RETURN_IF_ERROR(decide(move, *room));
  ASSIGN_OR_RETURN(const std::optional<int64_t> before, FindPredecessor(tx, viewer, move));
  ASSIGN_OR_RETURN(const std::optional<int64_t> after, FindSuccessor(tx, viewer, move, before));
  std::optional<int64_t> place = PlaceBetween(before, after);
  if (!place) {
    ASSIGN_OR_RETURN(place, NumberAnew(tx, viewer, move));
  }
  return tx.ExecuteOnRow(sql::kMoveRoom, {viewer.company, move.room, move.parent, *place});
}

}  // namespace usher::room
