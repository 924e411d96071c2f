#include "services/room/pg_room_rows.h"

#include <algorithm>
#include <charconv>
#include <list>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "common/db/json.h"

namespace usher::room {
namespace {

constexpr char kBetweenElements = '\x1e';
constexpr char kBetweenParts = '\x1f';

// Columns that all lists have in the same place.
constexpr int kId = 0;
constexpr int kSubRooms = 9;

// What the views of one list look at.
struct Kept {
  db::Rows rows;
  std::optional<db::Rows> heavy;
  Viewer viewer;                     // whose own entry is no column
  std::list<std::string> unescaped;  // metadata that jsonb writes with escapes
};

// True when all of the text is a number. Several times faster than SimpleAtoi, which takes blanks.
bool ReadNumber(absl::string_view text, uint32_t* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size();
}

// What stands before the first separator, or everything; takes both away.
absl::string_view TakeUntil(char separator, absl::string_view* left) {
  const absl::string_view taken = left->substr(0, left->find(separator));
  left->remove_prefix(std::min(taken.size() + 1, left->size()));
  return taken;
}

void ReadMetadata(absl::string_view json, std::list<std::string>* unescaped, RoomView* room) {
  const bool read =
      db::WalkJson(json, unescaped, [room](absl::string_view key, absl::string_view value) {
        room->metadata.push_back({key, value});
      });
  if (!read) room->metadata.clear();
}

// A text of entries: migrations/0001, entries_of.
void ReadEntries(absl::string_view text, RoomView* room) {
  while (!text.empty()) {
    absl::string_view element = TakeUntil(kBetweenElements, &text);
    const absl::string_view user = TakeUntil(kBetweenParts, &element);
    uint32_t mask = 0;
    if (!ReadNumber(element, &mask)) continue;
    room->entries.push_back({user, RoomRights::FromMask(mask)});
  }
}

// A text of sub-rooms: migrations/0001, sub_rooms_of.
void ReadSubRooms(absl::string_view text, RoomView* room) {
  while (!text.empty()) {
    absl::string_view element = TakeUntil(kBetweenElements, &text);
    RoomView::SubRoomEntry sub_room;
    sub_room.id = TakeUntil(kBetweenParts, &element);
    const absl::string_view sort = TakeUntil(kBetweenParts, &element);
    sub_room.display_name = element;
    if (ReadNumber(sort, &sub_room.sort)) room->sub_rooms.push_back(sub_room);
  }
}

// The columns of the lists.
void ReadRoom(const db::Row& row, Kept* kept, RoomView* room) {
  room->id = row.View(kId);
  room->parent = row.View(1);
  room->display_name = row.View(2);
  room->active_participants = static_cast<uint32_t>(row.Int(3));
  room->allow_spectators = row.Bool(4);
  ReadMetadata(row.View(5), &kept->unescaped, room);
  room->default_rights = RightsOf(row, 6);
  if (!row.IsNull(8)) {
    ReadEntries(row.View(8), room);  // the viewer's own among them
  } else if (const auto own = RightsOf(row, 7)) {
    room->entries.push_back({kept->viewer.subject.value(), *own});
  }
  ReadSubRooms(row.View(kSubRooms), room);
  room->passive_participants = static_cast<uint32_t>(row.Int(10));
  room->mode = static_cast<RoomMode>(row.Int(11));
  room->type = static_cast<RoomType>(row.Int(12));
  room->sort = row.Int(13);
  RoomAccess access;
  access.entry = RightsOf(row, 7);
  access.default_rights = room->default_rights;
  room->mine = EffectiveRights(kept->viewer, access);
}

}  // namespace

std::optional<RoomRights> RightsOf(const db::Row& row, int column) {
  if (row.IsNull(column)) return std::nullopt;
  return RoomRights::FromMask(static_cast<uint32_t>(row.Int(column)));
}

bool ReadEntriesBeside(const db::Row& row, int column, std::map<UserId, RoomRights>* entries) {
  if (row.IsNull(column)) return false;
  RoomView view;
  ReadEntries(row.View(column), &view);
  for (const auto& [user, rights] : view.entries) {
    entries->emplace(UserId(std::string(user)), rights);
  }
  return true;
}

bool ReadSubRoomsBeside(const db::Row& row, int column, std::map<SubRoomId, SubRoom>* sub_rooms) {
  if (row.IsNull(column)) return false;
  RoomView view;
  ReadSubRooms(row.View(column), &view);
  for (const auto& [id, display_name, sort] : view.sub_rooms) {
    sub_rooms->emplace(SubRoomId(std::string(id)), SubRoom{std::string(display_name), sort});
  }
  return true;
}

PageIds PageIdsOf(const db::Rows& rows) {
  PageIds ids;
  for (size_t i = 0; i < rows.size(); ++i) {
    ids.all.push_back(rows[i].Text(kId));
    if (rows[i].IsNull(kSubRooms)) ids.heavy.push_back(rows[i].Text(kId));
  }
  return ids;
}

bool AreLeftOut(const db::Rows& heavy) { return !heavy.empty() && heavy[0].IsNull(kSubRooms); }

ListedRooms ListedRoomsOf(db::Rows rows, std::optional<db::Rows> heavy, const Viewer& viewer) {
  auto kept = std::make_shared<Kept>(Kept{std::move(rows), std::move(heavy), viewer, {}});
  std::vector<RoomView> rooms(kept->rows.size());
  size_t written = 0;
  size_t next_heavy = 0;
  for (size_t i = 0; i < kept->rows.size(); ++i) {
    db::Row row = kept->rows[i];
    if (kept->heavy && row.IsNull(kSubRooms)) {
      if (next_heavy == kept->heavy->size()) continue;
      row = (*kept->heavy)[next_heavy];
      if (row.View(kId) != kept->rows[i].View(kId)) continue;
      ++next_heavy;
    }
    ReadRoom(row, kept.get(), &rooms[written++]);
  }
  rooms.resize(written);
  return {std::move(kept), std::move(rooms)};
}

}  // namespace usher::room
