// What a removed user leaves in the other services: nothing.
#include "absl/strings/str_cat.h"
#include "tests/integration/user/user_over_the_wire.h"

namespace usher {
namespace forgotten_user_test {

class ForgottenUserTest : public UserOverTheWire {
 protected:
  // Somebody with an entry in the room, which is a favorite as well.
  Account NewUserOf(const std::string& room) {
    const Account account = NewUser();
    LetIn(room, account.user, {RoomRight::kJoin});
    ::businessLogicService::FavoritesUpdateRequest request;
    (*request.mutable_roomids())[room] = true;
    EXPECT_THAT(Ask(&BusinessLogicStub::favoritesUpdate, As(SignIn(account).access_token, request)),
                Answers(::common::OK));
    return account;
  }
  bool HasEntry(const std::string& room, const std::string& user) {
    auto request = As<::roomService::RoomListRequest>(AdminOf("acme"));
    request.add_filterroomids(room);
    const auto reply = Ask(&RoomStub::List, request);
    EXPECT_EQ(reply.rooms().count(room), 1u) << reply.ShortDebugString();
    return reply.rooms().count(room) > 0 && reply.rooms().at(room).permissions().count(user) > 0;
  }
  std::string FavoritesOf(const std::string& user) {
    return house_.database("business-logic")
        .Ask(absl::StrCat("SELECT count(*) FROM favorites WHERE user_id = '", user, "'"));
  }
  bool IsForgotten(const std::string& room, const std::string& user) {
    return !HasEntry(room, user) && FavoritesOf(user) == "0";
  }
};

TEST_F(ForgottenUserTest, ARemovedUserLeavesNothingInRoomsAndFavorites) {
  const std::string room = NewRoom();
  const Account ann = NewUserOf(room);
  const Account bob = NewUserOf(room);
  ASSERT_TRUE(HasEntry(room, ann.user));
  ASSERT_EQ(FavoritesOf(ann.user), "1");
  EXPECT_THAT(Destroy(AdminOf("acme"), ann.user), Answers(::common::OK));
  EXPECT_TRUE(WithinFiveSeconds([&] { return IsForgotten(room, ann.user); })) << house_.Log("user");
  EXPECT_TRUE(HasEntry(room, bob.user));
  EXPECT_EQ(FavoritesOf(bob.user), "1");
}

TEST_F(ForgottenUserTest, WhoIsRemovedWhileOtherServicesAreAwayIsForgottenWhenTheyAreBack) {
  const std::string room = NewRoom();
  const Account ann = NewUserOf(room);
  house_.Kill("room");
  EXPECT_THAT(Destroy(AdminOf("acme"), ann.user), Answers(::common::OK));
  EXPECT_FALSE(Find(ann.user).has_value());
  house_.Start("room");
  const absl::Time until = absl::Now() + absl::Seconds(60);
  while (!IsForgotten(room, ann.user) && absl::Now() < until) {
    house_.database("user").Run("UPDATE sagas SET lease_until = now()");
  }
  EXPECT_TRUE(IsForgotten(room, ann.user)) << house_.Log("user");
}

}  // namespace forgotten_user_test
}  // namespace usher
