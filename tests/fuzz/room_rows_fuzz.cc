// The packed columns of a list of rooms, and the bytes of the reply that is made of them.
#include <libpq-fe.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "common/db/rows.h"
#include "services/room/pg_room_rows.h"
#include "services/room/room_list_wire.h"
#include "tests/fuzz/property.h"

namespace {

constexpr int kColumns = 14;
constexpr int kMetadata = 5;
constexpr int kEntries = 8;
constexpr int kSubRooms = 9;

// One row of text columns, none of them NULL but those that are left out.
usher::db::Rows OneRow(const std::array<const std::string*, kColumns>& values) {
  std::shared_ptr<PGresult> result(PQmakeEmptyPGresult(nullptr, PGRES_TUPLES_OK), PQclear);
  std::array<PGresAttDesc, kColumns> columns{};
  std::string name = "column";
  for (PGresAttDesc& column : columns) column.name = name.data();
  PQsetResultAttrs(result.get(), kColumns, columns.data());
  for (int i = 0; i < kColumns; ++i) {
    std::string value = values[i] == nullptr ? "" : *values[i];
    const int length = values[i] == nullptr ? -1 : static_cast<int>(value.size());
    PQsetvalue(result.get(), 0, i, values[i] == nullptr ? nullptr : value.data(), length);
  }
  return usher::db::Rows(std::move(result));
}

}  // namespace

// Metadata, entries and sub-rooms, with a NUL between them, which none of them can hold.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace usher;
  const std::vector<std::string> parts =
      absl::StrSplit(fuzz::Text(data, size), absl::MaxSplits('\0', 2));
  const std::string id = "01900000-0000-7000-8000-000000000001";
  const std::string name = "room";
  const std::string number = "3";
  const std::string yes = "t";
  std::array<const std::string*, kColumns> values = {&id, nullptr, &name, &number, &yes};
  for (const int column : {6, 10, 11, 12, 13}) values[column] = &number;
  constexpr std::array<int, 3> kPacked = {kMetadata, kEntries, kSubRooms};
  for (size_t i = 0; i < parts.size(); ++i) values[kPacked[i]] = &parts[i];

  room::Viewer viewer;
  const room::ListedRooms rooms = room::ListedRoomsOf(OneRow(values), std::nullopt, viewer);
  fuzz::Require(rooms.size() == 1, "a row is a room");
  const room::RoomView& view = *rooms.begin();
  fuzz::Require(view.entries.size() <= size + 1 && view.sub_rooms.size() <= size + 1,
                "nothing comes of nothing");
  ::common::Room message;
  room::ToWire(view, &message);
  ::roomService::RoomListReply reply;
  fuzz::Require(room::ToWire(rooms, false, &reply).ok(), "one small room fits into a reply");
  ::roomService::RoomListReply read;
  // Not every text is UTF-8 here, as every one in a database is: then no parser has to take it.
  if (read.ParseFromString(reply.SerializeAsString())) {
    fuzz::Require(read.rooms_size() == 1, "the reply holds the room");
  }
  return 0;
}
