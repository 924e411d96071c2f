// What the gate makes of answers and requests that are too large, one by one and together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "common/rpc/gate/largest_reply.h"
#include "common/status/reply_error.h"
#include "tests/support/gate_pipeline_test_base.h"

namespace usher::rpc {
namespace gate_size_test {

using ::companyService::CompanyCreateReply;
using ::companyService::CompanyListReply;
using ::companyService::CompanyListRequest;
using ::testing::HasSubstr;

TEST_F(GatePipelineTest, AReplyThatClientsWouldNotTakeIsRefused) {
  rpc_.list = [](const auto&, const auto&, CompanyListReply& reply) {
    reply.add_orderedcompanyids(std::string(kLargestReply, 'x'));
    return absl::OkStatus();
  };
  CompanyListRequest request;
  request.mutable_accessinfo()->set_accesstoken(Token());
  FakeIncoming incoming(request);
  Handle("test.list", incoming);
  EXPECT_EQ(CodeOf(incoming), ::common::MAX_SIZE_EXCEEDED);
  EXPECT_EQ(incoming.reply<CompanyListReply>().orderedcompanyids_size(), 0);
}

// F34: in a window of 140 bytes below 4 MiB the ReplyInfo made a reply too large for its client.
TEST_F(GatePipelineTest, TheReplyInfoCountsForWhatAClientTakes) {
  size_t size = 0;
  rpc_.list = [&size](const auto&, const auto&, CompanyListReply& reply) {
    reply.add_orderedcompanyids(std::string(size, 'x'));
    return absl::OkStatus();
  };
  CompanyListRequest request;
  request.mutable_accessinfo()->set_accesstoken(Token());
  request.mutable_accessinfo()->set_requestid(std::string(128, 'r'));
  CompanyListReply largest;
  largest.mutable_replyinfo()->set_requestid(std::string(128, 'r'));
  largest.add_orderedcompanyids(std::string(1 << 22, 'x'));
  size = (1 << 22) - (largest.ByteSizeLong() - kLargestReply);
  FakeIncoming fits(request);
  Handle("test.list", fits);
  EXPECT_EQ(CodeOf(fits), ::common::OK);
  EXPECT_EQ(fits.reply<CompanyListReply>().ByteSizeLong(), kLargestReply);
  ++size;
  FakeIncoming too_large(request);
  Handle("test.list", too_large);
  EXPECT_EQ(CodeOf(too_large), ::common::MAX_SIZE_EXCEEDED);
  EXPECT_THAT(too_large.outcome().reply_text, HasSubstr("ask for less"));
  EXPECT_EQ(too_large.reply<CompanyListReply>().replyinfo().statuscode(),
            ::common::MAX_SIZE_EXCEEDED);
}

// An error in a reply says that nothing was changed.
TEST_F(GatePipelineTest, AChangeWhoseReplyIsTooLargeIsNotSaidToHaveChangedNothing) {
  for (const absl::Status& status :
       {absl::OkStatus(), ReplyError(::common::PARTIAL_ERROR, "some of it")}) {
    rpc_.create = [&status](const auto&, const auto&, CompanyCreateReply& reply) {
      *reply.mutable_companyid() = std::string(kLargestReply, 'x');
      return status;
    };
    FakeIncoming incoming(ARequest(Token()));
    Handle("test.create", incoming);
    EXPECT_FALSE(incoming.outcome().decided);
    EXPECT_EQ(incoming.outcome().grpc_status.error_code(), grpc::StatusCode::INTERNAL);
    EXPECT_NE(incoming.outcome().internal_text, "");
    EXPECT_EQ(incoming.reply<CompanyCreateReply>().ByteSizeLong(), 0u);
  }
}

// Both threads of the intake can be made to wait until they are let go.
class HeldIntakeTest : public GatePipelineTest {
 protected:
  explicit HeldIntakeTest(GateOptions options) : GatePipelineTest(std::move(options)) {}
  ~HeldIntakeTest() override { LetGo(); }

  void HoldUpTheIntake() {
    for (int thread = 0; thread < 2; ++thread) {
      ASSERT_TRUE(lanes_.intake.TryAdd(absl::InfiniteFuture(), [this](const absl::Status&) {
        entered_.DecrementCount();
        released_.WaitForNotification();
      }));
    }
    entered_.Wait();
  }
  void LetGo() {
    if (!released_.HasBeenNotified()) released_.Notify();
  }

 private:
  absl::BlockingCounter entered_{2};
  absl::Notification released_;
};

// What waits is counted by what it holds once it is decoded.
class GateMemoryTest : public HeldIntakeTest {
 protected:
  GateMemoryTest()
      : HeldIntakeTest(
            {.most_request_bytes = 200 * 1024, .most_request_bytes_of_one = 100 * 1024}) {}

  std::string TokenOfAnotherCompany() const {
    token::AccessToken token = token::AToken(clock_.Now());
    token.company = CompanyId("other");
    return token::SignWith(token::AKey(1), token);
  }

  // Two bytes of it become forty.
  static CompanyListRequest ManyIds(const std::string& token, int count) {
    CompanyListRequest request;
    request.mutable_accessinfo()->set_accesstoken(token);
    for (int i = 0; i < count; ++i) request.add_companyidlist("");
    return request;
  }
};

TEST_F(GateMemoryTest, DecodedRequestsOfOneCallerAreBoundedByTheirBytes) {
  absl::Notification entered;
  absl::Notification released;
  rpc_.list = [&](const auto&, const auto&, auto&) {
    if (!entered.HasBeenNotified()) {
      entered.Notify();
      released.WaitForNotification();
    }
    return absl::OkStatus();
  };
  const CompanyListRequest request = ManyIds(Token(), 2000);
  ASSERT_LT(request.ByteSizeLong(), 8 * 1024u);
  ASSERT_GT(request.SpaceUsedLong(), 64 * 1024u);
  FakeIncoming first(request);
  gate_.Handle(MethodNamed("test.list"), first);
  entered.WaitForNotification();
  FakeIncoming second(request);
  Handle("test.list", second);
  EXPECT_EQ(second.outcome().grpc_status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  FakeIncoming of_another(ManyIds(TokenOfAnotherCompany(), 2000));
  Handle("test.list", of_another);
  EXPECT_EQ(CodeOf(of_another), ::common::OK);
  released.Notify();
  ASSERT_TRUE(first.WaitForAnswer());
  FakeIncoming third(request);
  Handle("test.list", third);
  EXPECT_EQ(CodeOf(third), ::common::OK);
}

// Who has not shown a token yet may be anybody; whose token was seen before is known at once.
TEST_F(GateMemoryTest, StrangersCannotKeepARequestOfAKnownCallerOut) {
  const CompanyListRequest of_member = ManyIds(Token(), 2000);
  FakeIncoming seen(of_member);
  Handle("test.list", seen);
  ASSERT_EQ(CodeOf(seen), ::common::OK);
  HoldUpTheIntake();
  FakeIncoming stranger(ManyIds(Token("2"), 2000));
  stranger.peer = "ipv4:192.0.2.2:40000";
  gate_.Handle(MethodNamed("test.list"), stranger);
  FakeIncoming another(ManyIds(Token("3"), 2000));
  another.peer = "ipv4:192.0.2.3:40000";
  Handle("test.list", another);
  EXPECT_EQ(another.outcome().grpc_status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  FakeIncoming member(of_member);
  Handle("test.list", member);
  EXPECT_EQ(CodeOf(member), ::common::OK);
  LetGo();
  ASSERT_TRUE(stranger.WaitForAnswer());
  EXPECT_EQ(CodeOf(stranger), ::common::OK);
  EXPECT_EQ(gate_.request_bytes().taken(), 0u);
}

// They wait as they came: the number of places in the queue says nothing about their bytes.
class GateIntakeTest : public HeldIntakeTest {
 protected:
  GateIntakeTest()
      : HeldIntakeTest({.most_intake_bytes = 500 * 1024, .most_intake_bytes_of_one = 100 * 1024}) {}
};

TEST_F(GateIntakeTest, LargeRequestsThatWaitToBeDecodedAreBoundedByTheirBytesForEachAddress) {
  HoldUpTheIntake();
  const auto request = ARequest(Token(), 60 * 1024);
  FakeIncoming first(request);
  gate_.Handle(MethodNamed("test.create"), first);
  FakeIncoming second(request);
  Handle("test.create", second);
  EXPECT_EQ(second.outcome().grpc_status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_FALSE(second.was_read());
  FakeIncoming of_another(request);
  of_another.peer = "ipv4:192.0.2.2:40000";
  gate_.Handle(MethodNamed("test.create"), of_another);
  EXPECT_GT(gate_.intake_bytes().taken(), 120 * 1024u);
  LetGo();
  ASSERT_TRUE(first.WaitForAnswer());
  ASSERT_TRUE(of_another.WaitForAnswer());
  EXPECT_EQ(CodeOf(first), ::common::OK);
  EXPECT_EQ(CodeOf(of_another), ::common::OK);
  EXPECT_EQ(gate_.intake_bytes().taken(), 0u);
}

// Nor does anything of one that is refused stay counted.
TEST_F(GateIntakeTest, WhoIsRefusedGivesTheBytesBack) {
  FakeIncoming refused(ARequest("nonsense", 60 * 1024));
  Handle("test.create", refused);
  EXPECT_EQ(CodeOf(refused), ::common::AUTHENTICATION_ERROR);
  EXPECT_EQ(gate_.intake_bytes().taken(), 0u);
}

}  // namespace gate_size_test
}  // namespace usher::rpc
