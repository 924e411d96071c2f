#include "services/room/engine/occupants_text.h"

#include <array>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace usher::room {
namespace {

constexpr char kRecord = '\x1e';
constexpr absl::string_view kField = "\x1f";

constexpr int kGuest = 1;
constexpr int kRoomAdmin = 2;
constexpr int kSpectator = 4;

int FlagsOf(const Occupant& occupant) {
  return (occupant.person.guest ? kGuest : 0) | (occupant.person.room_admin ? kRoomAdmin : 0) |
         (occupant.spectator ? kSpectator : 0);
}

std::optional<Occupant> OccupantOf(absl::string_view record) {
  constexpr size_t kFields = 7;
  std::array<absl::string_view, kFields> fields;
  size_t count = 0;
  for (const absl::string_view field : absl::StrSplit(record, kField)) {
    if (count == kFields) return std::nullopt;
    fields[count++] = field;
  }
  int flags = 0;
  int state = 0;
  if (count != kFields || !absl::SimpleAtoi(fields[2], &flags) ||
      !absl::SimpleAtoi(fields[3], &state)) {
    return std::nullopt;
  }
  Occupant occupant;
  occupant.person.user = UserId(std::string(fields[0]));
  occupant.person.subject =
      fields[4].empty() ? occupant.person.user : UserId(std::string(fields[4]));
  occupant.person.guest = (flags & kGuest) != 0;
  occupant.person.room_admin = (flags & kRoomAdmin) != 0;
  occupant.spectator = (flags & kSpectator) != 0;
  occupant.state = static_cast<OccupantState>(state);
  occupant.sub_room = SubRoomId(std::string(fields[5]));
  occupant.display_name = std::string(fields[6]);
  return occupant;
}

}  // namespace

std::string OccupantsText(const std::vector<Occupant>& occupants) {
  std::string text;
  for (const Occupant& occupant : occupants) {
    const Person& person = occupant.person;
    text.push_back(kRecord);
    absl::StrAppend(&text, person.user.value(), kField, IsOnline(occupant.state) ? "1" : "0",
                    kField, FlagsOf(occupant), kField, static_cast<int>(occupant.state), kField);
    absl::StrAppend(&text, person.subject == person.user ? "" : person.subject.value(), kField,
                    occupant.sub_room.value(), kField, occupant.display_name);
  }
  return text;
}

std::vector<Occupant> OccupantsOf(absl::string_view text) {
  std::vector<Occupant> occupants;
  for (const absl::string_view record : absl::StrSplit(text, kRecord, absl::SkipEmpty())) {
    if (std::optional<Occupant> occupant = OccupantOf(record)) {
      occupants.push_back(*std::move(occupant));
    }
  }
  return occupants;
}

}  // namespace usher::room
