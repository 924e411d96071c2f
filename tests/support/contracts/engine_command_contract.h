// What every EngineStore has engines do: commands, until they are acknowledged.
#pragma once

#include <vector>

#include "tests/support/contracts/engine_store_fixture.h"

namespace usher::room {

template <class Fixture>
class EngineCommandContract : public EngineStoreFixture<Fixture> {};

TYPED_TEST_SUITE_P(EngineCommandContract);

TYPED_TEST_P(EngineCommandContract, CommandsStayUntilTheyAreAcknowledged) {
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

TYPED_TEST_P(EngineCommandContract, CommandsOfSeveralEnginesAreListedApartInTheOrderAsked) {
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

TYPED_TEST_P(EngineCommandContract, ALateAcknowledgementTakesNoLaterOrderAway) {
  this->Take(this->AnOpenRoom(), {});
  const Order order{CommandKind::kPutOut, RoomId(), ContractUser(1), Reason::kUserRemoved};
  this->Tell(order);
  const CommandId before = this->Commands().at(0).id;
  this->Tell(order);
  EXPECT_THAT(this->Orders(), ::testing::ElementsAre(order));
  EXPECT_OK(this->engines().Acknowledge(ACall(), kAcme, kEngine, {before}));
  EXPECT_THAT(this->Orders(), ::testing::ElementsAre(order));
}

TYPED_TEST_P(EngineCommandContract, EnginesThatHaveNotReportedInTimeAreToldNothing) {
  this->Take(this->AnOpenRoom(), {});
  this->Pass(absl::Seconds(91));
  this->Tell({CommandKind::kPutOut, RoomId(), ContractUser(1), Reason::kUserRemoved});
  EXPECT_THAT(this->Commands(), ::testing::IsEmpty());
}

REGISTER_TYPED_TEST_SUITE_P(EngineCommandContract, CommandsStayUntilTheyAreAcknowledged,
                            CommandsOfSeveralEnginesAreListedApartInTheOrderAsked,
                            ALateAcknowledgementTakesNoLaterOrderAway,
                            EnginesThatHaveNotReportedInTimeAreToldNothing);

}  // namespace usher::room
