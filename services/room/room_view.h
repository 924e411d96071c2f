// A room as a list tells it: views into memory that somebody else keeps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "services/room/room.h"

namespace usher::room {

// A list reads hundreds of rooms only to write them down again. Unlike a Room, a usual one of these
// allocates nothing.
struct RoomView {
  struct MetadataEntry {
    absl::string_view key;
    absl::string_view value;
  };
  struct Entry {
    absl::string_view user;
    RoomRights rights;
  };
  struct SubRoomEntry {
    absl::string_view id;
    absl::string_view display_name;
    uint32_t sort = 0;
  };

  absl::string_view id;
  absl::string_view parent;  // empty: at the top
  absl::string_view display_name;
  uint32_t active_participants = 0;   // 0: no limit
  uint32_t passive_participants = 0;  // likewise
  bool allow_spectators = false;
  RoomMode mode = RoomMode::kNormal;
  RoomType type = RoomType::kRoom;
  int64_t sort = 0;
  std::optional<RoomRights> default_rights;
  std::optional<RoomRights> mine;  // of whoever looks; nothing: nobody in particular does
  // No key comes twice.
  absl::InlinedVector<MetadataEntry, 4> metadata;
  absl::InlinedVector<Entry, 8> entries;
  absl::InlinedVector<SubRoomEntry, 4> sub_rooms;
};

// Valid as long as they stay as they are.
RoomView ViewOf(const RoomId& id, const Room& room);
RoomView ViewOf(const SeenRoom& seen);

// The rooms of one list, together with what their views look at: valid as long as this is, or a
// copy of it, or what it was moved to. A view taken out of it must not live longer.
class ListedRooms {
 public:
  ListedRooms() = default;
  // `owner` keeps alive, in their place, all texts that `rooms` look at.
  ListedRooms(std::shared_ptr<const void> owner, std::vector<RoomView> rooms)
      : owner_(std::move(owner)), rooms_(std::move(rooms)) {}

  std::vector<RoomView>::const_iterator begin() const { return rooms_.begin(); }
  std::vector<RoomView>::const_iterator end() const { return rooms_.end(); }
  size_t size() const { return rooms_.size(); }
  bool empty() const { return rooms_.empty(); }

 private:
  std::shared_ptr<const void> owner_;
  std::vector<RoomView> rooms_;
};

}  // namespace usher::room
