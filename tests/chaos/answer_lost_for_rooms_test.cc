// Answers of internal calls are lost while people are led into rooms.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/chaos/answer_lost_test_base.h"

namespace usher::chaos {
namespace answer_lost_for_rooms_test {

class AnswerLostForRoomsTest : public AnswerLostTest {
 protected:
  bool IsFavorite(const std::string& room) {
    return house_.database("business-logic")
               .Ask(absl::StrCat("SELECT count(*) FROM favorites WHERE room_id = '", room, "'")) !=
           "0";
  }
};

// They change nothing at their peer: lost is as good as never asked.
TEST_F(AnswerLostForRoomsTest, OfAuthWhenAJoinLinkIsMade) {
  const std::string room = caller_.CreateRoom(NewName()).id;
  InAmbush(
      "auth", [&](int) { return caller_.CreateJoinLink(room); },
      [&](int, const Answer& answer) {
        EXPECT_TRUE(answer.told() == Told::kDone || answer.told() == Told::kNotChanged)
            << answer.Text();
      });
}

TEST_F(AnswerLostForRoomsTest, OfRoomWhenAFavoriteIsAdded) {
  std::string room;
  InAmbush(
      "room", [&](int) { return caller_.AddFavorite(room = caller_.CreateRoom(NewName()).id); },
      [&](int, const Answer& answer) { ExpectChangedOnlyIfDone(answer, IsFavorite(room)); });
}

TEST_F(AnswerLostForRoomsTest, OfAuthWhenAFavoriteIsAddedForSomebodyElse) {
  std::string room;
  InAmbush(
      "auth",
      [&](int) {
        return caller_.AddFavorite(room = caller_.CreateRoom(NewName()).id, caller_.member());
      },
      [&](int, const Answer& answer) { ExpectChangedOnlyIfDone(answer, IsFavorite(room)); });
}

TEST_F(AnswerLostForRoomsTest, OfRoomWhenAGuestIsInvited) {
  const std::string room = caller_.CreateRoom(NewName()).id;
  const auto guests = [&] {
    return house_.database("auth").Ask(
        absl::StrCat("SELECT count(*) FROM methods WHERE room_id = '", room, "'"));
  };
  std::string before;
  InAmbush(
      "room",
      [&](int) {
        before = guests();
        return caller_.CreateGuest(room);
      },
      [&](int, const Answer& answer) { ExpectChangedOnlyIfDone(answer, guests() != before); });
}

}  // namespace answer_lost_for_rooms_test
}  // namespace usher::chaos
