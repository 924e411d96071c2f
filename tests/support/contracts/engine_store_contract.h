// What every EngineStore does.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "services/room/engine/engine_store.h"
#include "tests/support/contracts/room_store_fixture.h"

namespace usher::room {

inline const CompanyId kAcme("acme");
inline const EngineId kEngine("engine-1");
inline const EngineId kOtherEngine("engine-2");

inline Occupant AnOccupant(int number, OccupantState state = OccupantState::kConnected) {
  Occupant occupant;
  occupant.person.user = occupant.person.subject = ContractUser(number);
  occupant.display_name = absl::StrCat("User ", number);
  occupant.state = state;
  return occupant;
}
inline Occupant ASpectator(int number) {
  Occupant occupant = AnOccupant(number);
  occupant.spectator = true;
  return occupant;
}

// Besides `RoomStore& store()` a fixture has `EngineStore& engines()`, whose reports count for 90
// seconds, Pass(duration), and Tell(order), which all engines of "acme" get.
template <class Fixture>
class EngineStoreContract : public RoomStoreFixture<Fixture> {
 protected:
  // Everybody of the company may join it.
  RoomId AnOpenRoom(const std::string& company = "acme") {
    Room room;
    room.display_name = "open";
    room.default_rights = RoomRights{RoomRight::kJoin};
    return this->Insert(room, company);
  }
  ReportOutcome Take(const Report& report, const CompanyId& company = kAcme) {
    const auto outcome = this->engines().Take(ACall(), company, report);
    EXPECT_OK(outcome);
    return outcome.ok() ? *outcome : ReportOutcome();
  }
  ReportOutcome Take(const RoomId& room, const std::vector<Occupant>& occupants,
                     const EngineId& engine = kEngine) {
    Report report;
    report.engine = engine;
    report.rooms = {{room, occupants}};
    return Take(report);
  }
  std::map<RoomId, std::vector<Occupant>> Occupants(const std::vector<RoomId>& rooms,
                                                    const CompanyId& company = kAcme) {
    const auto found = this->engines().ListOccupants(ACall(), company, rooms);
    EXPECT_OK(found);
    return found.ok() ? *found : std::map<RoomId, std::vector<Occupant>>();
  }
  std::vector<Occupant> In(const RoomId& room) { return Occupants({room})[room]; }
  RoomCrowd Count(const RoomId& room, int user = 99) {
    const auto crowd = this->engines().Count(ACall(), kAcme, room, ContractUser(user));
    EXPECT_OK(crowd);
    return crowd.ok() ? *crowd : RoomCrowd();
  }
  std::vector<Command> Commands(const EngineId& engine = kEngine, uint32_t most = 100) {
    const auto commands = this->engines().ListCommands(ACall(), kAcme, {engine}, most);
    EXPECT_OK(commands);
    return commands.ok() ? commands->at(0) : std::vector<Command>();
  }
  std::vector<Order> Orders(const EngineId& engine = kEngine) {
    std::vector<Order> orders;
    for (const Command& command : Commands(engine)) orders.push_back(command.order);
    return orders;
  }
};

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

TYPED_TEST_P(EngineStoreContract, CommandsStayUntilTheyAreAcknowledged) {
  const RoomId room = this->AnOpenRoom();
  this->Take(room, {});
  this->Take(room, {}, kOtherEngine);
  const Order first{CommandKind::kPutOut, RoomId(), ContractUser(1), Reason::kUserRemoved};
  const Order second{CommandKind::kPutOut, RoomId(), ContractUser(2), Reason::kUserRemoved};
  this->Tell(first);
  this->Tell(second);
  EXPECT_THAT(this->Orders(), ::testing::ElementsAre(first, second));
  EXPECT_EQ(this->Commands(kEngine, 1).size(), 1u);
  const std::vector<Command> commands = this->Commands();
  EXPECT_OK(
      this->engines().Acknowledge(ACall(), kAcme, kEngine, {commands[0].id, CommandId(NewUuid())}));
  EXPECT_THAT(this->Orders(), ::testing::ElementsAre(second));
  EXPECT_THAT(this->Orders(kOtherEngine), ::testing::ElementsAre(first, second));
  EXPECT_OK(
      this->engines().Acknowledge(ACall("other"), CompanyId("other"), kEngine, {commands[1].id}));
  EXPECT_THAT(this->Orders(), ::testing::ElementsAre(second));
}

TYPED_TEST_P(EngineStoreContract, CommandsOfSeveralEnginesAreListedApartInTheOrderAsked) {
  this->Take(this->AnOpenRoom(), {});
  this->Take(this->AnOpenRoom(), {}, kOtherEngine);
  for (int user : {1, 2, 3}) {
    this->Tell({CommandKind::kPutOut, RoomId(), ContractUser(user), Reason::kUserRemoved});
  }
  EXPECT_OK(this->engines().Acknowledge(ACall(), kAcme, kOtherEngine,
                                        {this->Commands(kOtherEngine)[0].id}));
  const auto listed =
      this->engines().ListCommands(ACall(), kAcme, {kOtherEngine, EngineId("idle"), kEngine}, 2);
  ASSERT_OK(listed);
  std::vector<std::vector<UserId>> users;
  for (const std::vector<Command>& commands : *listed) {
    users.emplace_back();
    for (const Command& command : commands) users.back().push_back(command.order.user);
  }
  EXPECT_THAT(users,
              ::testing::ElementsAre(::testing::ElementsAre(ContractUser(2), ContractUser(3)),
                                     ::testing::IsEmpty(),
                                     ::testing::ElementsAre(ContractUser(1), ContractUser(2))));
}

TYPED_TEST_P(EngineStoreContract, ALateAcknowledgementTakesNoLaterOrderAway) {
  this->Take(this->AnOpenRoom(), {});
  const Order order{CommandKind::kPutOut, RoomId(), ContractUser(1), Reason::kUserRemoved};
  this->Tell(order);
  const CommandId before = this->Commands().at(0).id;
  this->Tell(order);
  EXPECT_THAT(this->Orders(), ::testing::ElementsAre(order));
  EXPECT_OK(this->engines().Acknowledge(ACall(), kAcme, kEngine, {before}));
  EXPECT_THAT(this->Orders(), ::testing::ElementsAre(order));
}

TYPED_TEST_P(EngineStoreContract, EnginesThatHaveNotReportedInTimeAreToldNothing) {
  this->Take(this->AnOpenRoom(), {});
  this->Pass(absl::Seconds(91));
  this->Tell({CommandKind::kPutOut, RoomId(), ContractUser(1), Reason::kUserRemoved});
  EXPECT_THAT(this->Commands(), ::testing::IsEmpty());
}

REGISTER_TYPED_TEST_SUITE_P(EngineStoreContract, TellsOfEverybodyAsTheyWereReported,
                            AReportReplacesTheOneBefore, EnginesShareARoomAndReplaceTheirOwnAlone,
                            WhoIsAtTwoEnginesIsToldAsTheOneThatHasThemOnline,
                            OnlyThoseOnlineTakePlaces, WhatIsNotRenewedInTimeIsNotThereAnyMore,
                            ClosedRoomsAreForgottenAndWithAllRoomsTheOnesNotNamed,
                            RoomsThatThereAreNotAreAnsweredAndNotKept, ItIsAnsweredWhoMayNotBeThere,
                            DefaultRightsAreNotForGuests, RightsOfManyAreAnsweredInTheOrderAsked,
                            PlacesTellWhoIsElsewhere, CommandsStayUntilTheyAreAcknowledged,
                            CommandsOfSeveralEnginesAreListedApartInTheOrderAsked,
                            ALateAcknowledgementTakesNoLaterOrderAway,
                            EnginesThatHaveNotReportedInTimeAreToldNothing);

}  // namespace usher::room
