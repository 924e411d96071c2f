#include "common/status/reply_error.h"

#include <gtest/gtest.h>

#include "common/rpc/outcome.h"
#include "tests/support/status_matchers.h"

namespace usher {
namespace reply_error_test {

using rpc::Outcome;
using rpc::OutcomeOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ReplyError, CarriesItsCode) {
  const absl::Status status = ReplyError(::common::ROOM_NOT_FOUND, "no such room");
  EXPECT_THAT(status, HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(status.message(), "no such room");
}

TEST(ReplyError, IsWhatMakesAFailureDecided) {
  EXPECT_FALSE(ReplyCodeOf(absl::OkStatus()).has_value());
  EXPECT_FALSE(ReplyCodeOf(absl::NotFoundError("x")).has_value());
  EXPECT_FALSE(ReplyCodeOf(Unreachable("x")).has_value());
  EXPECT_FALSE(ReplyCodeOf(Overloaded("x")).has_value());
  EXPECT_FALSE(ReplyCodeOf(OutOfTime("x")).has_value());
}

TEST(ReplyError, NamesEveryCommonFailureOnce) {
  EXPECT_THAT(AccessInfoMissing(), HasReplyCode(::common::ACCESS_INFO_MISSING));
  EXPECT_THAT(TokenRefused(), HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(TokenExpired(), HasReplyCode(::common::TOKEN_OUTDATED));
  EXPECT_THAT(AccountNotActive("LOCKED"), HasReplyCode(::common::ACCOUNT_STATUS_ERROR));
  EXPECT_THAT(PermissionMissing("x"), HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(FieldMissing("x"), HasReplyCode(::common::REQUEST_EMPTY));
  EXPECT_THAT(FieldMalformed("x", "y"), HasReplyCode(::common::PROTOCOL_ERROR));
  EXPECT_THAT(FieldOutOfRange("x", "y"), HasReplyCode(::common::RANGE_ERROR));
  EXPECT_THAT(FieldTooLong("x", 1), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(UserIdInvalid("x", "y"), HasReplyCode(::common::USER_ID_INVALID));
  EXPECT_THAT(RoomIdInvalid("x", "y"), HasReplyCode(::common::ROOM_ID_INVALID));
  EXPECT_THAT(UserNotFound(), HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(CompanyNotFound(), HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(ActionInvalid("x"), HasReplyCode(::common::ACTION_INVALID));
  EXPECT_THAT(NotImplemented("x"), HasReplyCode(::common::NOT_IMPLEMENTED));
  EXPECT_THAT(RemoteError("user"), HasReplyCode(::common::REMOTE_ERROR));
}

TEST(ReplyError, SaysWhatAPersonCanActOn) {
  EXPECT_EQ(RoomIdInvalid("roomId", "abc").message(), "roomId is not a UUID: 'abc'");
}

TEST(Quoted, CannotBreakALineOrAScreen) {
  EXPECT_EQ(Quoted("abc"), "'abc'");
  EXPECT_EQ(Quoted("a\nb\x1b[0m\xc3\xa9"),
            "'a?b?[0m?"
            "?'");
  EXPECT_EQ(Quoted(std::string(64, 'a')), "'" + std::string(64, 'a') + "'");
  EXPECT_EQ(Quoted(std::string(65, 'a')), "'" + std::string(64, 'a') + "...'");
}

TEST(OutcomeOf, OkIsOk) {
  const Outcome outcome = OutcomeOf(absl::OkStatus());
  EXPECT_TRUE(outcome.decided);
  EXPECT_EQ(outcome.reply_code, ::common::OK);
  EXPECT_TRUE(outcome.grpc_status.ok());
  EXPECT_EQ(outcome.code_name, "OK");
  EXPECT_EQ(outcome.reply_text, "");
}

TEST(OutcomeOf, ADecidedFailureIsGrpcOkWithItsCode) {
  const Outcome outcome = OutcomeOf(ReplyError(::common::QUOTA_EXCEEDED, "the room is full"));
  EXPECT_TRUE(outcome.decided);
  EXPECT_EQ(outcome.reply_code, ::common::QUOTA_EXCEEDED);
  EXPECT_EQ(outcome.reply_text, "the room is full");
  EXPECT_TRUE(outcome.grpc_status.ok());
  EXPECT_EQ(outcome.code_name, "QUOTA_EXCEEDED");
}

TEST(OutcomeOf, EveryReplyCodeSurvives) {
  const auto* codes = ::common::ReplyStatusCode_descriptor();
  for (int i = 0; i < codes->value_count(); ++i) {
    const auto code = static_cast<ReplyCode>(codes->value(i)->number());
    if (code == ::common::OK) continue;
    const Outcome outcome = OutcomeOf(ReplyError(code, "text"));
    EXPECT_TRUE(outcome.decided);
    EXPECT_EQ(outcome.reply_code, code);
    EXPECT_TRUE(outcome.grpc_status.ok());
  }
}

TEST(OutcomeOf, AnUndecidedFailureIsAGrpcStatus) {
  EXPECT_EQ(OutcomeOf(Unreachable("x")).grpc_status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(OutcomeOf(absl::AbortedError("x")).grpc_status.error_code(),
            grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(OutcomeOf(Overloaded("x")).grpc_status.error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(OutcomeOf(OutOfTime("x")).grpc_status.error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(OutcomeOf(absl::CancelledError("x")).grpc_status.error_code(),
            grpc::StatusCode::CANCELLED);
  EXPECT_FALSE(OutcomeOf(Unreachable("x")).decided);
  EXPECT_EQ(OutcomeOf(Unreachable("x")).code_name, "grpc UNAVAILABLE");
}

TEST(OutcomeOf, AFaultOfOursIsForTheLogOnly) {
  for (const absl::Status& status :
       {absl::InternalError("insert_room: 42P01 no such table"), absl::UnknownError("insert_room"),
        absl::NotFoundError("insert_room"), absl::InvalidArgumentError("insert_room")}) {
    const Outcome outcome = OutcomeOf(status);
    EXPECT_FALSE(outcome.decided);
    EXPECT_EQ(outcome.grpc_status.error_code(), grpc::StatusCode::INTERNAL);
    EXPECT_THAT(outcome.grpc_status.error_message(), Not(HasSubstr("insert_room")));
    EXPECT_THAT(outcome.internal_text, HasSubstr("insert_room"));
  }
}

TEST(StatusOfReply, ComesBackAsItWas) {
  ::common::ReplyInfo info;
  EXPECT_OK(rpc::StatusOfReply(info));
  info.set_statuscode(::common::ROOM_NOT_FOUND);
  info.set_statusmessage("no such room");
  EXPECT_THAT(rpc::StatusOfReply(info), HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_EQ(rpc::StatusOfReply(info).message(), "no such room");
}

TEST(StatusOfGrpc, KeepsUndecidedWhatThePeerDidNotDecide) {
  const auto of = [](grpc::StatusCode code) {
    return rpc::StatusOfGrpc(grpc::Status(code, "secret detail"), "room", rpc::Effect::kReads);
  };
  EXPECT_OK(of(grpc::StatusCode::OK));
  EXPECT_THAT(of(grpc::StatusCode::UNAVAILABLE), IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_THAT(of(grpc::StatusCode::DEADLINE_EXCEEDED),
              IsUndecided(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(of(grpc::StatusCode::RESOURCE_EXHAUSTED),
              IsUndecided(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(of(grpc::StatusCode::CANCELLED), IsUndecided(absl::StatusCode::kUnavailable));
  for (const auto code : {grpc::StatusCode::INTERNAL, grpc::StatusCode::UNIMPLEMENTED,
                          grpc::StatusCode::UNKNOWN, grpc::StatusCode::UNAUTHENTICATED}) {
    EXPECT_THAT(of(code), HasReplyCode(::common::REMOTE_ERROR));
    EXPECT_THAT(std::string(of(code).message()), Not(HasSubstr("secret")));
  }
}

}  // namespace reply_error_test
}  // namespace usher
