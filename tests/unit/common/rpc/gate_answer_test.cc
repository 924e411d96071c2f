// What the gate answers: the request's ID, and what a body has decided, has not, or got wrong.
#include <gmock/gmock.h>

#include <stdexcept>
#include <string>

#include "common/status/reply_error.h"
#include "tests/support/gate_test_base.h"

namespace usher::rpc {
namespace gate_answer_test {

using ::testing::HasSubstr;
using ::testing::Not;

class GateAnswerTest : public GateTestBase {};

TEST_F(GateAnswerTest, MakesUpARequestIdWhereThereIsNone) {
  server_.Start();
  const Answer answer = List(server_.Token(), "");
  ExpectDecided(answer, ::common::OK);
  EXPECT_TRUE(CanonicalUuid(answer.info.requestid()).has_value()) << answer.info.requestid();
}

TEST_F(GateAnswerTest, AnswersTheRequestIdAlsoInAFailure) {
  server_.Start();
  EXPECT_EQ(List("", "my id").info.requestid(), "my id");
  EXPECT_EQ(List("nonsense", "my id").info.requestid(), "my id");
}

TEST_F(GateAnswerTest, RefusesARequestIdThatWouldSpoilTheLog) {
  server_.Start();
  ExpectDecided(List(server_.Token(), std::string(128, 'r')), ::common::OK);
  ExpectDecided(List(server_.Token(), std::string(129, 'r')), ::common::REQUEST_ID_INVALID);
  for (const char* bad : {"a\nb", "a\rb", "a\x1b", "a\x7f"}) {
    const Answer answer = List(server_.Token(), bad);
    ExpectDecided(answer, ::common::REQUEST_ID_INVALID);
    EXPECT_NE(answer.info.requestid(), bad);
  }
}

TEST_F(GateAnswerTest, AnswersADecidedFailureWithItsCode) {
  server_.rpc().list = [](const auto&, const auto&, auto&) {
    return ReplyError(::common::ROOM_NOT_FOUND, "there is no such room");
  };
  server_.Start();
  const Answer answer = List(server_.Token());
  ExpectDecided(answer, ::common::ROOM_NOT_FOUND);
  EXPECT_EQ(answer.info.statusmessage(), "there is no such room");
}

TEST_F(GateAnswerTest, AnswersWhereTheReplyInfoIsTheMessage) {
  server_.rpc().update = [](const auto&, const auto&, auto&) { return ActionInvalid("why not"); };
  server_.Start();
  const Answer answer = Update(server_.Token());
  ExpectDecided(answer, ::common::ACTION_INVALID);
  EXPECT_EQ(answer.info.statusmessage(), "why not");
}

TEST_F(GateAnswerTest, LetsABodySetItsOwnStatusMessage) {
  server_.rpc().update = [](const auto&, const auto&, ::common::ReplyInfo& reply) {
    reply.set_statusmessage("You were authenticated successfully");
    return absl::OkStatus();
  };
  server_.Start();
  const Answer answer = Update(server_.Token());
  ExpectDecided(answer, ::common::OK);
  EXPECT_EQ(answer.info.statusmessage(), "You were authenticated successfully");
}

TEST_F(GateAnswerTest, AnswersAnUndecidedFailureWithAGrpcStatus) {
  server_.rpc().list = [](const auto&, const auto&, auto&) { return Unreachable("the database"); };
  server_.rpc().update = [](const auto&, const auto&, auto&) { return Overloaded("hashing"); };
  server_.Start();
  const Answer unreachable = List(server_.Token());
  EXPECT_EQ(unreachable.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(unreachable.status.error_message(), HasSubstr("the database"));
  EXPECT_EQ(Update(server_.Token()).status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(GateAnswerTest, HidesFaultsOfOurs) {
  server_.rpc().list = [](const auto&, const auto&, auto&) {
    return absl::InternalError("insert_room: syntax error at SELECT");
  };
  server_.rpc().update = [](const auto&, const auto&, auto&) -> absl::Status {
    throw std::runtime_error("what the programmer thought");
  };
  server_.Start();
  const Answer internal = List(server_.Token());
  EXPECT_EQ(internal.status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_THAT(internal.status.error_message(), Not(HasSubstr("SELECT")));
  const Answer thrown = Update(server_.Token());
  EXPECT_EQ(thrown.status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_THAT(thrown.status.error_message(), Not(HasSubstr("programmer")));
  ExpectDecided(Create(std::nullopt), ::common::OK);  // and goes on
}

}  // namespace gate_answer_test
}  // namespace usher::rpc
