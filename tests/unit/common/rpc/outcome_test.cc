// What is in reply_error_test.cc by example, here for every canonical code.
#include "common/rpc/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/status/reply_error.h"
#include "tests/support/status_matchers.h"

namespace usher::rpc {
namespace outcome_test {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kDetail[] = "insert_room: 23514 Failing row contains (acme)";
constexpr int kLastCanonicalCode = 16;  // kUnauthenticated

// The codes that clients may see; everything else is a fault of ours.
const std::map<absl::StatusCode, grpc::StatusCode>& Shown() {
  static const auto* const shown = new std::map<absl::StatusCode, grpc::StatusCode>{
      {absl::StatusCode::kUnavailable, grpc::StatusCode::UNAVAILABLE},
      {absl::StatusCode::kAborted, grpc::StatusCode::UNAVAILABLE},
      {absl::StatusCode::kResourceExhausted, grpc::StatusCode::RESOURCE_EXHAUSTED},
      {absl::StatusCode::kDeadlineExceeded, grpc::StatusCode::DEADLINE_EXCEEDED},
      {absl::StatusCode::kCancelled, grpc::StatusCode::CANCELLED},
      {absl::StatusCode::kUnimplemented, grpc::StatusCode::UNIMPLEMENTED},
  };
  return *shown;
}

TEST(EveryCanonicalCode, WithoutAReplyCodeIsUndecided) {
  for (int number = 1; number <= kLastCanonicalCode; ++number) {
    const auto code = static_cast<absl::StatusCode>(number);
    const Outcome outcome = OutcomeOf(absl::Status(code, kDetail));
    const auto shown = Shown().find(code);
    EXPECT_FALSE(outcome.decided) << code;
    EXPECT_EQ(outcome.reply_text, "") << code;
    EXPECT_EQ(outcome.grpc_status.error_code(),
              shown == Shown().end() ? grpc::StatusCode::INTERNAL : shown->second)
        << code;
    EXPECT_EQ(outcome.grpc_status.error_details(), "") << code;
  }
}

TEST(EveryCanonicalCode, ThatIsAFaultOfOursShowsOneFixedText) {
  std::set<std::string> texts;
  for (int number = 1; number <= kLastCanonicalCode; ++number) {
    const auto code = static_cast<absl::StatusCode>(number);
    if (Shown().count(code) > 0) continue;
    const Outcome outcome = OutcomeOf(absl::Status(code, kDetail));
    texts.insert(outcome.grpc_status.error_message());
    EXPECT_THAT(outcome.internal_text, HasSubstr(kDetail)) << code;
    EXPECT_EQ(outcome.code_name, "grpc INTERNAL") << code;
  }
  EXPECT_THAT(texts, ::testing::ElementsAre("a fault inside usher; its log has the details"));
}

TEST(EveryCanonicalCode, ThatIsNoFaultOfOursKeepsItsTextAndLeavesNoneForTheLog) {
  for (const auto& [code, shown] : Shown()) {
    if (code == absl::StatusCode::kAborted) continue;  // its text is the driver's
    const Outcome outcome = OutcomeOf(absl::Status(code, "try again"));
    EXPECT_EQ(outcome.grpc_status.error_message(), "try again") << code;
    EXPECT_EQ(outcome.internal_text, "") << code;
  }
}

TEST(AnAbortedTransaction, ShowsNothingOfTheDriver) {
  const Outcome outcome = OutcomeOf(absl::AbortedError(kDetail));
  EXPECT_THAT(outcome.grpc_status.error_message(), Not(HasSubstr("insert_room")));
  EXPECT_THAT(outcome.grpc_status.error_message(), HasSubstr("nothing was changed"));
  EXPECT_THAT(outcome.internal_text, HasSubstr("insert_room"));
}

TEST(EveryCanonicalCode, HasTheNameOfItsGrpcCode) {
  EXPECT_EQ(OutcomeOf(absl::UnavailableError("x")).code_name, "grpc UNAVAILABLE");
  EXPECT_EQ(OutcomeOf(absl::AbortedError("x")).code_name, "grpc UNAVAILABLE");
  EXPECT_EQ(OutcomeOf(absl::ResourceExhaustedError("x")).code_name, "grpc RESOURCE_EXHAUSTED");
  EXPECT_EQ(OutcomeOf(absl::DeadlineExceededError("x")).code_name, "grpc DEADLINE_EXCEEDED");
  EXPECT_EQ(OutcomeOf(absl::CancelledError("x")).code_name, "grpc CANCELLED");
}

TEST(EveryReplyCode, HasItsOwnNameInLogAndMetrics) {
  const auto* codes = ::common::ReplyStatusCode_descriptor();
  for (int i = 0; i < codes->value_count(); ++i) {
    const auto code = static_cast<ReplyCode>(codes->value(i)->number());
    if (code == ::common::OK) continue;
    const Outcome outcome = OutcomeOf(ReplyError(code, "text"));
    EXPECT_EQ(outcome.code_name, codes->value(i)->name());
    EXPECT_EQ(outcome.reply_text, "text");
    EXPECT_EQ(outcome.internal_text, "");
  }
}

// A reply code wins over the canonical code that it goes with: REMOTE_ERROR is kUnavailable inside.
TEST(EveryReplyCode, IsDecidedWhateverItsCanonicalCode) {
  const absl::Status status = RemoteError("room");
  ASSERT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
  const Outcome outcome = OutcomeOf(status);
  EXPECT_TRUE(outcome.decided);
  EXPECT_TRUE(outcome.grpc_status.ok());
  EXPECT_EQ(outcome.reply_code, ::common::REMOTE_ERROR);
}

TEST(EveryGrpcCode, OfAPeerBecomesSomethingThatOurOwnCallerMaySee) {
  for (int number = 0; number <= 16; ++number) {
    for (const Effect effect : {Effect::kReads, Effect::kChanges}) {
      const grpc::Status answered(static_cast<grpc::StatusCode>(number), kDetail);
      const Outcome outcome = OutcomeOf(StatusOfGrpc(answered, "room", effect));
      const std::string shown =
          absl::StrCat(outcome.reply_text, " ", outcome.grpc_status.error_message());
      EXPECT_THAT(shown, Not(HasSubstr("Failing row"))) << number;
      EXPECT_NE(outcome.code_name, "grpc INTERNAL") << number;
      EXPECT_EQ(outcome.code_name == "OK", number == 0) << number;
    }
  }
}

absl::Status AnsweredTo(Effect effect, grpc::StatusCode code) {
  return StatusOfGrpc(grpc::Status(code, ""), "room", effect);
}

// A change that was sent may have been made, whatever came back in place of an answer.
TEST(AChangeThatWasSent, IsInDoubtUnlessThePeerAnswered) {
  for (const auto code :
       {grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::CANCELLED,
        grpc::StatusCode::DEADLINE_EXCEEDED, grpc::StatusCode::INTERNAL, grpc::StatusCode::UNKNOWN,
        grpc::StatusCode::ABORTED, grpc::StatusCode::DATA_LOSS}) {
    const absl::Status status = AnsweredTo(Effect::kChanges, code);
    EXPECT_THAT(status, IsUndecided(absl::StatusCode::kDeadlineExceeded)) << code;
    EXPECT_THAT(std::string(status.message()), HasSubstr("look whether the change is there"));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("nothing was changed")));
  }
}

TEST(AChangeThatWasSent, IsNotMadeByAPeerThatHasNoRoomForIt) {
  EXPECT_EQ(AnsweredTo(Effect::kChanges, grpc::StatusCode::RESOURCE_EXHAUSTED),
            Overloaded("the room service"));
}

TEST(AQuestionThatWasSent, ChangesNothingHoweverItFails) {
  for (const auto code : {grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::CANCELLED}) {
    EXPECT_EQ(AnsweredTo(Effect::kReads, code), Unreachable("the room service")) << code;
  }
  EXPECT_EQ(AnsweredTo(Effect::kReads, grpc::StatusCode::DEADLINE_EXCEEDED),
            OutOfTime("waiting for the room service"));
  EXPECT_EQ(AnsweredTo(Effect::kReads, grpc::StatusCode::INTERNAL), RemoteError("room"));
}

TEST(EveryGrpcCode, NamesThePeerThatIsToBlame) {
  for (const auto code : {grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::DEADLINE_EXCEEDED,
                          grpc::StatusCode::RESOURCE_EXHAUSTED, grpc::StatusCode::INTERNAL}) {
    for (const Effect effect : {Effect::kReads, Effect::kChanges}) {
      EXPECT_THAT(std::string(AnsweredTo(effect, code).message()), HasSubstr("the room service"))
          << code;
    }
  }
}

}  // namespace outcome_test
}  // namespace usher::rpc
