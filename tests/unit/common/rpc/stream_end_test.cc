// What ends a server stream, and what does not end with it.
#include <gmock/gmock.h>

#include "absl/time/clock.h"
#include "tests/unit/common/rpc/stream_test_base.h"

namespace usher::rpc {
namespace stream_end_test {

using ::testing::HasSubstr;

using StreamEndTest = StreamTestBase;

TEST_F(StreamEndTest, EndsWhenItsTokenIsRevoked) {
  server_.Start();
  grpc::ClientContext context;
  const Reader reader = Open(&context, server_.Token());
  const auto stream = Opened();
  server_.gate().JudgeStreams();
  EXPECT_FALSE(stream.closed());
  server_.revocations().Add({.sequence = 1,
                             .kind = token::RevocationKind::kUser,
                             .company = CompanyId("acme"),
                             .subject = token::kUser,
                             .issued_until = absl::InfiniteFuture(),
                             .reason = token::RevocationReason::kAccountInactive});
  server_.gate().JudgeStreams();
  RoomStatusReply reply;
  EXPECT_FALSE(reader->Read(&reply));
  const grpc::Status status = reader->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_THAT(status.error_message(), HasSubstr("ACCOUNT_STATUS_ERROR"));
  EXPECT_TRUE(stream.closed());
}

// Else ten thousand of them would take the places of the tokens of calls, second by second.
TEST_F(StreamEndTest, ToBeJudgedTakesNoPlaceAmongTheTokensThatAreRemembered) {
  server_.Start();
  grpc::ClientContext context;
  const Reader reader = Open(&context, server_.Token());
  const auto stream = Opened();
  const uint64_t hits = server_.verifier().cache_hits();
  server_.gate().JudgeStreams();
  EXPECT_FALSE(stream.closed());
  EXPECT_EQ(server_.verifier().cache_hits(), hits);
  stream.Close(absl::OkStatus());
}

TEST_F(StreamEndTest, EndsWhenItsTokenExpires) {
  server_.Start();
  grpc::ClientContext context;
  const Reader reader = Open(&context, server_.Token());
  Opened();
  server_.clock().Advance(absl::Hours(2));
  server_.gate().JudgeStreams();
  RoomStatusReply reply;
  EXPECT_FALSE(reader->Read(&reply));
  EXPECT_THAT(reader->Finish().error_message(), HasSubstr("TOKEN_OUTDATED"));
}

TEST_F(StreamEndTest, EndsWhenTheServerStops) {
  server_.Start();
  grpc::ClientContext context;
  const Reader reader = Open(&context, server_.Token());
  Opened();
  server_.gate().EndStreams();
  const absl::Time begun = absl::Now();
  server_.server().Drain(absl::Now() + absl::Seconds(60));
  EXPECT_LT(absl::Now() - begun, absl::Seconds(30));
  RoomStatusReply reply;
  EXPECT_FALSE(reader->Read(&reply));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(StreamEndTest, OutlivesTheServerInTheHandsOfWhoHoldsIt) {
  server_.Start();
  grpc::ClientContext context;
  const Reader reader = Open(&context, server_.Token());
  const auto stream = Opened();
  server_.Stop();
  EXPECT_TRUE(stream.closed());
  EXPECT_FALSE(stream.Send(AReply("late")));
  stream.Close(absl::OkStatus());
  RoomStatusReply reply;
  EXPECT_FALSE(reader->Read(&reply));
  EXPECT_FALSE(reader->Finish().ok());
}

}  // namespace stream_end_test
}  // namespace usher::rpc
