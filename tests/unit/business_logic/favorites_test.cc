#include "services/business_logic/favorites.h"

#include "tests/support/contracts/favorite_store_contract.h"
#include "tests/support/fake_favorite_store.h"
#include "tests/support/fake_known_users.h"
#include "tests/support/fake_visible_rooms.h"

namespace usher::business_logic {
namespace favorites_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const UserId kOwn(kCallerId);
const UserId kOther("01900000-0000-7000-9000-000000000003");
const CompanyId kAcme(kCallerCompany);

class FavoritesTest : public ::testing::Test {
 protected:
  FavoritesTest() {
    for (const RoomId& room : ContractRooms(1, 1100)) rooms_.Show(kAcme, kOwn, room);
    users_.Add(kAcme, {.user = kOwn});
    users_.Add(kAcme, {.user = kOther});
  }

  static ACaller Administrator() { return ACaller().As(kOther).With(Permission::kUserAdmin); }
  static FavoriteChange Adding(const std::vector<RoomId>& rooms) {
    return {.add = rooms, .remove = {}};
  }
  static FavoriteChange Removing(const std::vector<RoomId>& rooms) {
    return {.add = {}, .remove = rooms};
  }
  void Add(const std::vector<RoomId>& rooms) {
    ASSERT_OK(favorites_.Update(ACaller(), kOwn, Adding(rooms)));
  }
  // What is kept, whoever sees it.
  std::vector<RoomId> Kept() { return *store_.List(ACall(), AnOwner()); }

  FakeFavoriteStore store_;
  FakeVisibleRooms rooms_;
  FakeKnownUsers users_;
  Favorites favorites_{store_, rooms_, users_};
};

TEST_F(FavoritesTest, TheyAreForOneselfAndForUserAdmin) {
  const ACaller stranger = ACaller().As(kOther).With(
      {Permission::kUserList, Permission::kUserShow, Permission::kRoomAdmin});
  EXPECT_THAT(favorites_.Update(stranger, kOwn, Adding({ContractRoom(1)})),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(favorites_.List(stranger, kOwn), HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Kept(), IsEmpty());
  EXPECT_OK(favorites_.Update(ACaller(), kOwn, Adding({ContractRoom(1)})));
  EXPECT_OK(favorites_.Update(Administrator(), kOwn, Adding({ContractRoom(2)})));
  for (const ACaller& caller : {ACaller(), Administrator()}) {
    EXPECT_THAT(favorites_.List(caller, kOwn),
                IsOkAndHolds(ElementsAre(ContractRoom(1), ContractRoom(2))));
  }
}

TEST_F(FavoritesTest, AnotherCompanysAdministratorReachesNothingOfThisOne) {
  Add({ContractRoom(1)});
  EXPECT_THAT(favorites_.List(Administrator().In("beta"), kOwn), HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(favorites_.Update(Administrator().In("beta"), kOwn, Removing({ContractRoom(1)})),
              HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(Kept(), ElementsAre(ContractRoom(1)));
}

TEST_F(FavoritesTest, NobodyKeepsFavoritesForWhoDoesNotExist) {
  const UserId nobody(NewUuid());
  EXPECT_THAT(favorites_.List(Administrator(), nobody), HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(favorites_.Update(Administrator(), nobody, Adding({ContractRoom(1)})),
              HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(*store_.List(ACall(), {CompanyId(kCallerCompany), nobody}), IsEmpty());
}

TEST_F(FavoritesTest, WhenAuthIsAwayOnlyOthersFavoritesAreOutOfReach) {
  users_.failure = Unreachable("the auth service");
  EXPECT_THAT(favorites_.List(Administrator(), kOwn), IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_OK(favorites_.List(ACaller(), kOwn));
}

TEST_F(FavoritesTest, TheOrderOfAddingIsKept) {
  Add({ContractRoom(5), ContractRoom(2)});
  Add({ContractRoom(9), ContractRoom(5)});
  ASSERT_OK(favorites_.Update(ACaller(), kOwn, Removing({ContractRoom(2)})));
  Add({ContractRoom(2)});
  EXPECT_THAT(favorites_.List(ACaller(), kOwn),
              IsOkAndHolds(ElementsAre(ContractRoom(5), ContractRoom(9), ContractRoom(2))));
}

TEST_F(FavoritesTest, ARoomThatTheCallerCannotSeeIsNotFoundAndNothingIsChanged) {
  Add({ContractRoom(1)});
  const absl::Status refused = favorites_.Update(
      ACaller(), kOwn, {.add = {ContractRoom(2), ContractRoom(5000)}, .remove = {ContractRoom(1)}});
  EXPECT_THAT(refused, HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(std::string(refused.message()), HasSubstr(ContractRoom(5000).value()));
  EXPECT_THAT(Kept(), ElementsAre(ContractRoom(1)));
}

TEST_F(FavoritesTest, RoomsThatTheCallerSeesNoMoreAreLeftOutUntilTheyAreSeenAgain) {
  Add(ContractRooms(1, 3));
  rooms_.Hide(kAcme, kOwn, ContractRoom(2));
  EXPECT_THAT(favorites_.List(ACaller(), kOwn),
              IsOkAndHolds(ElementsAre(ContractRoom(1), ContractRoom(3))));
  rooms_.Show(kAcme, kOwn, ContractRoom(2));
  EXPECT_THAT(favorites_.List(ACaller(), kOwn),
              IsOkAndHolds(ElementsAre(ContractRoom(1), ContractRoom(2), ContractRoom(3))));
}

TEST_F(FavoritesTest, RoomsOfSomebodyElseAreThoseThatThatUserSeesWhateverTheCallerDoes) {
  const RoomId hidden = ContractRoom(5000);
  rooms_.Show(kAcme, kOther, hidden);
  EXPECT_THAT(favorites_.Update(Administrator(), kOwn, Adding({hidden})),
              HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_OK(favorites_.Update(Administrator(), kOwn, Adding(ContractRooms(1, 2))));
  rooms_.Hide(kAcme, kOwn, ContractRoom(2));
  rooms_.Show(kAcme, kOther, ContractRoom(2));
  EXPECT_THAT(favorites_.List(Administrator(), kOwn), IsOkAndHolds(ElementsAre(ContractRoom(1))));
  EXPECT_EQ(Kept(), ContractRooms(1, 2));
}

TEST_F(FavoritesTest, WhoSeesAllRoomsHasThemForFavoritesAlsoWhenSomebodyElseAddsThem) {
  const RoomId closed = ContractRoom(5000);
  rooms_.Make(kAcme, closed);
  EXPECT_THAT(favorites_.Update(Administrator(), kOwn, Adding({closed})),
              HasReplyCode(::common::ROOM_NOT_FOUND));
  users_.Add(kAcme, {.user = kOwn, .usable = {Permission::kRoomList}});
  EXPECT_OK(favorites_.Update(Administrator(), kOwn, Adding({closed})));
  users_.Add(kAcme, {.user = kOwn, .usable = {Permission::kRoomList}, .guest = true});
  EXPECT_THAT(favorites_.List(Administrator(), kOwn), IsOkAndHolds(IsEmpty()));
}

TEST_F(FavoritesTest, AForgottenUserHasNone) {
  Add(ContractRooms(1, 3));
  for (int i = 0; i < 2; ++i) {
    EXPECT_OK(favorites_.ForgetUser(ACall(), AnOwner()));
    EXPECT_THAT(Kept(), IsEmpty());
  }
}

TEST_F(FavoritesTest, RemovingAsksNobodyAndReachesHiddenRooms) {
  Add(ContractRooms(1, 2));
  rooms_.failure = Unreachable("room");
  const int calls = rooms_.calls;
  EXPECT_OK(favorites_.Update(ACaller(), kOwn, Removing({ContractRoom(1), ContractRoom(5000)})));
  EXPECT_EQ(rooms_.calls, calls);
  EXPECT_THAT(Kept(), ElementsAre(ContractRoom(2)));
}

TEST_F(FavoritesTest, ARoomServiceOutOfReachLeavesTheCallUndecided) {
  Add({ContractRoom(1)});
  rooms_.failure = Unreachable("room");
  EXPECT_THAT(favorites_.List(ACaller(), kOwn), IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_THAT(
      favorites_.Update(ACaller(), kOwn, {.add = {ContractRoom(2)}, .remove = {ContractRoom(1)}}),
      IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_THAT(Kept(), ElementsAre(ContractRoom(1)));
}

TEST_F(FavoritesTest, AnUpdateOfNothingIsEmpty) {
  EXPECT_THAT(favorites_.Update(ACaller(), kOwn, {}), HasReplyCode(::common::REQUEST_EMPTY));
  EXPECT_THAT(favorites_.Update(ACaller(), kOther, {}),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(FavoritesTest, AThousandIsTheLimit) {
  Add(ContractRooms(1, 1000));
  EXPECT_THAT(favorites_.Update(ACaller(), kOwn, Adding({ContractRoom(1001)})),
              HasReplyCode(::common::QUOTA_EXCEEDED));
  EXPECT_EQ(Kept(), ContractRooms(1, 1000));
  EXPECT_OK(favorites_.Update(ACaller(), kOwn,
                              {.add = {ContractRoom(1001)}, .remove = {ContractRoom(1)}}));
  EXPECT_EQ(Kept(), ContractRooms(2, 1000));
}

// Nobody could remove what they do not see.
TEST_F(FavoritesTest, HiddenFavoritesMakeRoomForNewOnes) {
  Add(ContractRooms(1, 1000));
  rooms_.Hide(kAcme, kOwn, ContractRoom(1));
  rooms_.Hide(kAcme, kOwn, ContractRoom(2));
  EXPECT_OK(favorites_.Update(ACaller(), kOwn, Adding({ContractRoom(1001)})));
  EXPECT_EQ(Kept(), ContractRooms(3, 999));
}

TEST_F(FavoritesTest, HiddenFavoritesStayWhileThereIsRoom) {
  Add(ContractRooms(1, 999));
  rooms_.Hide(kAcme, kOwn, ContractRoom(1));
  Add({ContractRoom(1000)});
  EXPECT_EQ(Kept(), ContractRooms(1, 1000));
}

TEST_F(FavoritesTest, HiddenFavoritesThatAreTooFewChangeNothing) {
  Add(ContractRooms(1, 1000));
  rooms_.Hide(kAcme, kOwn, ContractRoom(1));
  EXPECT_THAT(favorites_.Update(ACaller(), kOwn, Adding(ContractRooms(1001, 2))),
              HasReplyCode(::common::QUOTA_EXCEEDED));
  EXPECT_EQ(Kept(), ContractRooms(1, 1000));
}

// By the owner's eyes, not by the administrator's.
TEST_F(FavoritesTest, HiddenFavoritesMakeRoomAlsoForWhatSomebodyElseAdds) {
  Add(ContractRooms(1, 1000));
  EXPECT_THAT(favorites_.Update(Administrator(), kOwn, Adding({ContractRoom(1001)})),
              HasReplyCode(::common::QUOTA_EXCEEDED));
  rooms_.Hide(kAcme, kOwn, ContractRoom(1));
  EXPECT_OK(favorites_.Update(Administrator(), kOwn, Adding({ContractRoom(1001)})));
  EXPECT_EQ(Kept(), ContractRooms(2, 1000));
}

}  // namespace favorites_test
}  // namespace usher::business_logic
