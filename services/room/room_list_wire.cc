#include "services/room/room_list_wire.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/unknown_field_set.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "common/permission/permission_wire.h"
#include "common/rpc/gate/largest_reply.h"
#include "services/room/room_errors.h"

// A message `Room` allocates for each entry of its three maps, and frees it when the reply is gone:
// most of what a list cost (docs/adr/0013). Bytes are simple enough to be written by hand
// (https://protobuf.dev/programming-guides/encoding/); room_list_wire_test.cc holds them against
// generated messages. As in these, what has its default value is left out.
namespace usher::room {
namespace {

// Map fields are repeated messages, one an entry, with the key as field 1 and the value as field 2:
// https://protobuf.dev/programming-guides/encoding/#maps
constexpr int kKeyFieldNumber = 1;
constexpr int kValueFieldNumber = 2;

enum WireType : uint32_t { kVarint = 0, kLengthDelimited = 2 };

// kLengthDelimited: a string or a message.
uint32_t TagOf(int field, WireType type = kLengthDelimited) {
  return static_cast<uint32_t>(field) << 3 | type;
}

size_t VarintSize(size_t value) {
  return google::protobuf::io::CodedOutputStream::VarintSize64(value);
}

// With its tag and length.
size_t FieldSize(int field, size_t size) {
  return VarintSize(TagOf(field)) + VarintSize(size) + size;
}

size_t EntrySize(absl::string_view key, absl::string_view value) {
  return FieldSize(kKeyFieldNumber, key.size()) + FieldSize(kValueFieldNumber, value.size());
}

// The Write functions answer the place behind what they wrote.
char* WriteVarint(size_t value, char* to) {
  for (; value >= 0x80; value >>= 7) *to++ = static_cast<char>(value | 0x80);
  *to++ = static_cast<char>(value);
  return to;
}

char* WriteHead(int field, size_t size, char* to) {
  return WriteVarint(size, WriteVarint(TagOf(field), to));
}

char* WriteField(int field, absl::string_view bytes, char* to) {
  return std::copy(bytes.begin(), bytes.end(), WriteHead(field, bytes.size(), to));
}

char* WriteEntry(absl::string_view key, absl::string_view value, char* to) {
  return WriteField(kValueFieldNumber, value, WriteField(kKeyFieldNumber, key, to));
}

// Makes room for `size` bytes at the end of the text.
char* Grow(size_t size, std::string* text) {
  text->resize(text->size() + size);
  return text->data() + text->size() - size;
}

void AppendField(int field, absl::string_view bytes, std::string* message) {
  WriteField(field, bytes, Grow(FieldSize(field, bytes.size()), message));
}

void AppendMapEntry(int map_field, absl::string_view key, absl::string_view value,
                    std::string* message) {
  const size_t size = EntrySize(key, value);
  char* const to = Grow(FieldSize(map_field, size), message);
  WriteEntry(key, value, WriteHead(map_field, size, to));
}

void AppendText(int field, absl::string_view text, std::string* message) {
  if (!text.empty()) AppendField(field, text, message);
}

void AppendNumber(int field, uint64_t number, std::string* message) {
  if (number == 0) return;
  const uint32_t tag = TagOf(field, kVarint);
  WriteVarint(number, WriteVarint(tag, Grow(VarintSize(tag) + VarintSize(number), message)));
}

// A sint64: numbers near zero are short, whatever their sign
// (https://protobuf.dev/programming-guides/encoding/#signed-ints).
void AppendSigned(int field, int64_t number, std::string* message) {
  AppendNumber(field, static_cast<uint64_t>(number) << 1 ^ static_cast<uint64_t>(number >> 63),
               message);
}

// Writes one room after the other.
class RoomWriter {
 public:
  // The bytes of a common.Room, until the next call; fields in the order of their numbers, as
  // generated code writes them.
  absl::string_view Write(const RoomView& room) {
    bytes_.clear();
    AppendSettings(room);
    for (const auto& [key, value] : room.metadata) {
      AppendMapEntry(::common::Room::kMetadataFieldNumber, key, value, &bytes_);
    }
    for (const auto& [user, rights] : room.entries) {
      AppendMapEntry(::common::Room::kPermissionsFieldNumber, user, BytesOf(rights), &bytes_);
    }
    if (room.default_rights) {
      AppendField(::common::Room::kDefaultPermissionsFieldNumber, BytesOf(*room.default_rights),
                  &bytes_);
    }
    for (const RoomView::SubRoomEntry& sub_room : room.sub_rooms) {
      AppendMapEntry(::common::Room::kSubRoomsFieldNumber, sub_room.id, BytesOf(sub_room), &bytes_);
    }
    if (room.mine) {
      AppendField(::common::Room::kMyPermissionsFieldNumber, BytesOf(*room.mine), &bytes_);
    }
    return bytes_;
  }

 private:
  void AppendSettings(const RoomView& room) {
    AppendText(::common::Room::kParentIdFieldNumber, room.parent, &bytes_);
    AppendText(::common::Room::kDisplayNameFieldNumber, room.display_name, &bytes_);
    AppendNumber(::common::Room::kModeFieldNumber, static_cast<uint64_t>(room.mode), &bytes_);
    if (room.active_participants > 0 || room.passive_participants > 0) {
      part_.clear();
      AppendNumber(::common::RoomQuotas::kActiveParticipantsFieldNumber, room.active_participants,
                   &part_);
      AppendNumber(::common::RoomQuotas::kPassiveParticipantsFieldNumber, room.passive_participants,
                   &part_);
      AppendField(::common::Room::kQuotasFieldNumber, part_, &bytes_);
    }
    AppendNumber(::common::Room::kAllowSpectatorsFieldNumber, room.allow_spectators ? 1 : 0,
                 &bytes_);
    AppendSigned(::common::Room::kSortFieldNumber, room.sort, &bytes_);
    AppendNumber(::common::Room::kTypeFieldNumber, static_cast<uint64_t>(room.type), &bytes_);
  }

  absl::string_view BytesOf(const RoomView::SubRoomEntry& sub_room) {
    part_.clear();
    AppendText(::common::SubRoom::kDisplayNameFieldNumber, sub_room.display_name, &part_);
    AppendNumber(::common::SubRoom::kSortFieldNumber, sub_room.sort, &part_);
    AppendText(::common::SubRoom::kIdFieldNumber, sub_room.id, &part_);
    return part_;
  }

  // Most entries of a company have one of a few sets of rights.
  absl::string_view BytesOf(RoomRights rights) {
    const auto [found, is_new] = permissions_.try_emplace(rights.mask());
    if (is_new) {
      ::common::Permissions wire;
      RoomRightsToWire(rights, &wire);
      wire.SerializeToString(&found->second);
    }
    return found->second;
  }

  std::string part_;  // the message inside the room that is being written
  std::map<uint32_t, std::string> permissions_;  // by the mask of the rights
  std::string bytes_;
};

}  // namespace

void ToWire(const RoomView& room, ::common::Room* wire) {
  RoomWriter writer;
  const absl::string_view bytes = writer.Write(room);
  // Never fails: what we store is UTF-8.
  wire->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

// Each entry of the map `rooms` becomes an unknown field of the reply, with the number of the map
// and the bytes of the entry. Unknown fields are sent as they are
// (https://protobuf.dev/programming-guides/proto3/#unknowns), so that on the wire there is nothing
// unknown about them: a client reads the same bytes as from a reply with that map.
absl::Status ToWire(const ListedRooms& rooms, bool ids_only, ::roomService::RoomListReply* reply) {
  using ::roomService::RoomListReply;
  google::protobuf::UnknownFieldSet& fields =
      *RoomListReply::GetReflection()->MutableUnknownFields(reply);
  RoomWriter writer;
  size_t size = 0;
  for (const RoomView& room : rooms) {
    const absl::string_view bytes = ids_only ? absl::string_view() : writer.Write(room);
    std::string* const entry = fields.AddLengthDelimited(RoomListReply::kRoomsFieldNumber);
    WriteEntry(room.id, bytes, Grow(EntrySize(room.id, bytes), entry));
    size += FieldSize(RoomListReply::kRoomsFieldNumber, entry->size());
    if (size > rpc::kLargestContent) {
      fields.Clear();
      return ReplyTooLarge();
    }
  }
  return absl::OkStatus();
}

}  // namespace usher::room
