// What every EngineStore knows of who is in which room, by what engines report.
#pragma once

#include "tests/support/contracts/engine_store_fixture.h"

namespace usher::room {

template <class Fixture>
class EngineStoreContract : public EngineStoreFixture<Fixture> {};

TYPED_TEST_SUITE_P(EngineStoreContract);

TYPED_TEST_P(EngineStoreContract, TellsOfEverybodyAsTheyWereReported) {
  const RoomId room = this->AnOpenRoom();
  Occupant guest = ASpectator(2);
  guest.person.guest = true;
  guest.person.subject = ContractUser(7);
  guest.sub_room = SubRoomId("corner");
  guest.display_name = "Zo\u00eb, {the} \"guest\" \\";
  Occupant administrator = AnOccupant(3, OccupantState::kOnBreak);
  administrator.person.room_admin = true;
  this->Take(room, {AnOccupant(1), guest, administrator});
  EXPECT_THAT(this->In(room), ::testing::ElementsAre(AnOccupant(1), guest, administrator));
}

TYPED_TEST_P(EngineStoreContract, AReportReplacesTheOneBefore) {
  const RoomId room = this->AnOpenRoom();
  this->Take(room, {AnOccupant(1), AnOccupant(2)});
  this->Take(room, {AnOccupant(2), AnOccupant(3)});
  EXPECT_THAT(this->In(room), ::testing::ElementsAre(AnOccupant(2), AnOccupant(3)));
  this->Take(room, {});
  EXPECT_THAT(this->In(room), ::testing::IsEmpty());
  EXPECT_EQ(this->Occupants({room}).size(), 1u);  // it is open
}

TYPED_TEST_P(EngineStoreContract, EnginesShareARoomAndReplaceTheirOwnAlone) {
  const RoomId room = this->AnOpenRoom();
  this->Take(room, {AnOccupant(1)});
  this->Take(room, {AnOccupant(2), ASpectator(3)}, kOtherEngine);
  EXPECT_THAT(this->In(room), ::testing::ElementsAre(AnOccupant(1), AnOccupant(2), ASpectator(3)));
  EXPECT_EQ(this->Count(room).crowd, (Crowd{2, 1}));
  this->Take(room, {});
  EXPECT_THAT(this->In(room), ::testing::ElementsAre(AnOccupant(2), ASpectator(3)));
}

TYPED_TEST_P(EngineStoreContract, WhoIsAtTwoEnginesIsToldAsTheOneThatHasThemOnline) {
  const RoomId room = this->AnOpenRoom();
  this->Take(room, {AnOccupant(1, OccupantState::kTimedOut)});
  this->Take(room, {AnOccupant(1)}, kOtherEngine);
  EXPECT_THAT(this->In(room), ::testing::ElementsAre(AnOccupant(1)));
}

TYPED_TEST_P(EngineStoreContract, OnlyThoseOnlineTakePlaces) {
  const RoomId room = this->AnOpenRoom();
  this->Take(room,
             {AnOccupant(1), AnOccupant(2, OccupantState::kOnBreak),
              AnOccupant(3, OccupantState::kUpdating), AnOccupant(4, OccupantState::kLeftRoom),
              AnOccupant(5, OccupantState::kCreated), ASpectator(6)});
  EXPECT_EQ(this->Count(room).crowd, (Crowd{3, 1}));
  EXPECT_TRUE(this->Count(room, 2).is_in);
  EXPECT_FALSE(this->Count(room, 4).is_in);
  EXPECT_FALSE(this->Count(room, 7).is_in);
}

TYPED_TEST_P(EngineStoreContract, WhatIsNotRenewedInTimeIsNotThereAnyMore) {
  const RoomId old = this->AnOpenRoom();
  const RoomId renewed = this->AnOpenRoom();
  this->Take(old, {AnOccupant(1)});
  this->Take(renewed, {AnOccupant(1)});
  this->Pass(absl::Seconds(60));
  this->Take(renewed, {AnOccupant(1)});
  EXPECT_EQ(this->Occupants({old, renewed}).size(), 2u);
  this->Pass(absl::Seconds(31));
  EXPECT_EQ(this->Occupants({old, renewed}).size(), 1u);
  EXPECT_EQ(this->Count(old).crowd, Crowd());
  EXPECT_EQ(this->Count(renewed).crowd, (Crowd{1, 0}));
  EXPECT_THAT(this->engines().ForgetOld(ACall(), 100), IsOkAndHolds(1));
  EXPECT_THAT(this->engines().ForgetOld(ACall(), 100), IsOkAndHolds(0));
  EXPECT_EQ(this->Count(renewed).crowd, (Crowd{1, 0}));
}

TYPED_TEST_P(EngineStoreContract, ClosedRoomsAreForgottenAndWithAllRoomsTheOnesNotNamed) {
  const RoomId a = this->AnOpenRoom();
  const RoomId b = this->AnOpenRoom();
  const RoomId c = this->AnOpenRoom();
  this->Take({kEngine, {{a, {}}, {b, {}}, {c, {}}}, {}, false});
  this->Take({kOtherEngine, {{b, {AnOccupant(1)}}}, {}, false});
  this->Take({kEngine, {}, {a}, false});
  EXPECT_EQ(this->Occupants({a, b, c}).size(), 2u);
  this->Take({kEngine, {{c, {}}}, {}, true});
  EXPECT_THAT(this->Occupants({a, b, c}),
              ::testing::ElementsAre(::testing::Pair(b, ::testing::ElementsAre(AnOccupant(1))),
                                     ::testing::Pair(c, ::testing::IsEmpty())));
  this->Take({kEngine, {}, {}, true});
  EXPECT_EQ(this->Occupants({a, b, c}).size(), 1u);
}

TYPED_TEST_P(EngineStoreContract, RoomsThatThereAreNotAreAnsweredAndNotKept) {
  const RoomId room = this->AnOpenRoom();
  const RoomId none(NewUuid());
  const RoomId foreign = this->AnOpenRoom("other");
  const ReportOutcome outcome = this->Take(
      {kEngine, {{none, {AnOccupant(1)}}, {room, {AnOccupant(1)}}, {foreign, {}}}, {}, false});
  EXPECT_THAT(outcome.unknown, ::testing::ElementsAre(none, foreign));
  EXPECT_THAT(outcome.expelled, ::testing::IsEmpty());
  EXPECT_EQ(this->Occupants({none, room, foreign}).size(), 1u);
  EXPECT_THAT(this->Occupants({room}, CompanyId("other")), ::testing::IsEmpty());
}

TYPED_TEST_P(EngineStoreContract, ItIsAnsweredWhoMayNotBeThere) {
  Room room;
  room.display_name = "closed";
  room.entries[ContractUser(1)] = RoomRights{RoomRight::kJoin};
  room.entries[ContractUser(2)] = RoomRights{RoomRight::kVoice};
  room.entries[ContractUser(3)] = RoomRights{RoomRight::kAdmin};
  const RoomId id = this->Insert(room);
  Occupant root = AnOccupant(4);
  root.person.room_admin = true;
  Occupant guest_of_entry = AnOccupant(5);
  guest_of_entry.person.guest = true;
  guest_of_entry.person.subject = ContractUser(1);
  const ReportOutcome outcome = this->Take(
      id, {AnOccupant(1), AnOccupant(2), AnOccupant(3), root, guest_of_entry, AnOccupant(6),
           AnOccupant(7, OccupantState::kKicked), AnOccupant(8, OccupantState::kCreated)});
  EXPECT_THAT(outcome.expelled, ::testing::UnorderedElementsAre(Expelled{id, ContractUser(2)},
                                                                Expelled{id, ContractUser(6)},
                                                                Expelled{id, ContractUser(8)}));
}

TYPED_TEST_P(EngineStoreContract, DefaultRightsAreNotForGuests) {
  const RoomId id = this->AnOpenRoom();
  Occupant guest = AnOccupant(1);
  guest.person.guest = true;
  guest.person.room_admin = true;  // says nothing of guests
  const ReportOutcome outcome = this->Take(id, {guest, AnOccupant(2)});
  EXPECT_THAT(outcome.expelled, ::testing::ElementsAre(Expelled{id, ContractUser(1)}));
}

TYPED_TEST_P(EngineStoreContract, RightsOfManyAreAnsweredInTheOrderAsked) {
  Room room;
  room.display_name = "room";
  room.entries[ContractUser(1)] = RoomRights{RoomRight::kVoice};
  room.default_rights = RoomRights{RoomRight::kJoin};
  const RoomId id = this->Insert(room);
  const RoomId other = this->AnOpenRoom();
  Person root{ContractUser(3), ContractUser(3), false, true};
  Person guest{ContractUser(4), ContractUser(1), true, false};
  const auto plain = [](int number) {
    return Person{ContractUser(number), ContractUser(number), false, false};
  };
  EXPECT_THAT(
      this->engines().FindRights(ACall(), kAcme,
                                 {{other, plain(1)},
                                  {id, plain(1)},
                                  {id, plain(2)},
                                  {RoomId(NewUuid()), plain(2)},
                                  {id, root},
                                  {id, guest}}),
      IsOkAndHolds(::testing::ElementsAre(
          RoomRights{RoomRight::kJoin}, RoomRights{RoomRight::kVoice}, RoomRights{RoomRight::kJoin},
          RoomRights{}, kAllRoomRights, RoomRights{RoomRight::kVoice})));
}

TYPED_TEST_P(EngineStoreContract, PlacesTellWhoIsElsewhere) {
  Room room;
  room.display_name = "room";
  room.active_participants = 5;
  room.passive_participants = 7;
  room.allow_spectators = true;
  room.default_rights = RoomRights{RoomRight::kJoin};
  const RoomId id = this->Insert(room);
  this->Take(id, {AnOccupant(1)});
  this->Take(id, {AnOccupant(2), AnOccupant(3), ASpectator(4)}, kOtherEngine);
  const auto places = this->engines().FindPlaces(ACall(), kAcme, kEngine, {RoomId(NewUuid()), id});
  ASSERT_OK(places);
  ASSERT_EQ(places->size(), 1u);
  EXPECT_EQ(places->front().room, id);
  EXPECT_EQ(places->front().active_participants, 5u);
  EXPECT_EQ(places->front().passive_participants, 7u);
  EXPECT_TRUE(places->front().allow_spectators);
  EXPECT_EQ(places->front().elsewhere, (Crowd{2, 1}));
  const auto of_nobody = this->engines().FindPlaces(ACall(), kAcme, EngineId(), {id});
  ASSERT_OK(of_nobody);
  EXPECT_EQ(of_nobody->front().elsewhere, (Crowd{3, 1}));
}

REGISTER_TYPED_TEST_SUITE_P(EngineStoreContract, TellsOfEverybodyAsTheyWereReported,
                            AReportReplacesTheOneBefore, EnginesShareARoomAndReplaceTheirOwnAlone,
                            WhoIsAtTwoEnginesIsToldAsTheOneThatHasThemOnline,
                            OnlyThoseOnlineTakePlaces, WhatIsNotRenewedInTimeIsNotThereAnyMore,
                            ClosedRoomsAreForgottenAndWithAllRoomsTheOnesNotNamed,
                            RoomsThatThereAreNotAreAnsweredAndNotKept, ItIsAnsweredWhoMayNotBeThere,
                            DefaultRightsAreNotForGuests, RightsOfManyAreAnsweredInTheOrderAsked,
                            PlacesTellWhoIsElsewhere);

}  // namespace usher::room
