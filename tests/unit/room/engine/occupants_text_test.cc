#include "services/room/engine/occupants_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace usher::room {
namespace occupants_text_test {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

constexpr char kUser[] = "01900000-0000-7000-9000-000000000001";

TEST(OccupantsText, ComesBackAsItWas) {
  std::vector<Occupant> occupants;
  for (int flags = 0; flags < 8; ++flags) {
    for (int state = 0; state <= static_cast<int>(kLastOccupantState); ++state) {
      Occupant occupant;
      occupant.person.user = UserId(absl::StrCat(kUser, flags, state));
      occupant.person.subject = flags % 3 == 0 ? occupant.person.user : UserId(kUser);
      occupant.person.guest = (flags & 1) != 0;
      occupant.person.room_admin = (flags & 2) != 0;
      occupant.spectator = (flags & 4) != 0;
      occupant.state = static_cast<OccupantState>(state);
      occupant.sub_room = SubRoomId(state % 2 == 0 ? "" : "corner, {1}");
      occupant.display_name = state % 3 == 0 ? "" : "\"Zo\u00eb\" \\ {x}";
      occupants.push_back(occupant);
    }
  }
  EXPECT_THAT(OccupantsOf(OccupantsText(occupants)), ElementsAreArray(occupants));
}

TEST(OccupantsText, NobodyIsNothing) {
  EXPECT_EQ(OccupantsText({}), "");
  EXPECT_THAT(OccupantsOf(""), IsEmpty());
}

// What kCountOccupants looks for.
TEST(OccupantsText, BeginsWithWhoItIsAndWhetherOnline) {
  Occupant occupant;
  occupant.person.user = occupant.person.subject = UserId(kUser);
  EXPECT_TRUE(
      absl::StartsWith(OccupantsText({occupant}), absl::StrCat("\x1e", kUser, "\x1f", "1")));
  occupant.state = OccupantState::kLeftRoom;
  EXPECT_TRUE(
      absl::StartsWith(OccupantsText({occupant}), absl::StrCat("\x1e", kUser, "\x1f", "0")));
}

TEST(OccupantsText, AnythingElseIsLeftOut) {
  EXPECT_THAT(OccupantsOf("\x1eonly"), IsEmpty());
  EXPECT_THAT(OccupantsOf("\x1eu\x1f"
                          "1\x1fx\x1f"
                          "0\x1f\x1f\x1f"),
              IsEmpty());
  EXPECT_THAT(OccupantsOf("\x1eu\x1f"
                          "1\x1f"
                          "0\x1f"
                          "0\x1f\x1f\x1f\x1f"),
              IsEmpty());
}

}  // namespace occupants_text_test
}  // namespace usher::room
