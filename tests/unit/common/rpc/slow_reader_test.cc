// Clients that ask and do not read.
#include <grpcpp/generic/generic_stub.h>

#include <memory>
#include <vector>

#include "tests/support/gate_server.h"

namespace usher::rpc {
namespace slow_reader_test {

using ::companyService::CompanyListReply;
using ::companyService::CompanyListRequest;

// Asks and leaves what comes in the connection, whose window it fills: one that does not grow.
class Unreading {
 public:
  Unreading(const std::string& address, const CompanyListRequest& request)
      : stub_(ChannelTo(address)) {
    call_ = stub_.PrepareCall(&context_, "/companyService.CompanyService/companyList", &queue_);
    Step([this] { call_->StartCall(Tag()); });
    const std::string bytes = request.SerializeAsString();
    const grpc::Slice slice(bytes);
    const grpc::ByteBuffer buffer(&slice, 1);
    Step([&] { call_->WriteLast(buffer, grpc::WriteOptions(), Tag()); });
  }
  ~Unreading() {
    context_.TryCancel();
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {
    }
  }

 private:
  static std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
  }
  static void* Tag() { return reinterpret_cast<void*>(1); }
  template <class Operation>
  void Step(Operation operation) {
    operation();
    void* tag = nullptr;
    bool ok = false;
    queue_.Next(&tag, &ok);
  }

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

class SlowReaderTest : public ::testing::Test {
 protected:
  SlowReaderTest() {
    server_.rpc().list = [](const auto&, const auto&, CompanyListReply& reply) {
      reply.add_orderedcompanyids(std::string(3 * 1024 * 1024, 'x'));
      return absl::OkStatus();
    };
    server_.Start();
  }

  CompanyListRequest Request() const {
    CompanyListRequest request;
    request.mutable_accessinfo()->set_accesstoken(server_.Token());
    return request;
  }
  std::string Address() { return server_.server().ports()[0].address; }
  size_t Held() { return server_.gate().reply_bytes().taken(); }

  static const Clock& RealClock() {
    static const SystemClock clock;
    return clock;
  }
  GateServer server_{{.store_threads = 2},
                     RealClock(),
                     {.longest_call = absl::Seconds(2),
                      .most_reply_bytes = 100 * 1024 * 1024,
                      .most_reply_bytes_of_one = 10 * 1024 * 1024}};
};

TEST_F(SlowReaderTest, AnAnswerThatNobodyReadsIsGivenUpAtTheDeadline) {
  const absl::Time begun = absl::Now();
  Unreading client(Address(), Request());
  const absl::Time latest = absl::Now() + absl::Seconds(30);
  while (Held() == 0 && absl::Now() < latest) std::this_thread::yield();
  EXPECT_GT(Held(), 0u);
  while (Held() > 0 && absl::Now() < latest) absl::SleepFor(absl::Milliseconds(5));
  EXPECT_EQ(Held(), 0u);
  EXPECT_GT(absl::Now() - begun, absl::Seconds(1));
}

TEST_F(SlowReaderTest, WhatOneCallerLeavesUnreadIsBounded) {
  std::vector<std::unique_ptr<Unreading>> clients;
  for (int i = 0; i < 10; ++i) {
    clients.push_back(std::make_unique<Unreading>(Address(), Request()));
  }
  size_t most = 0;
  const absl::Time latest = absl::Now() + absl::Seconds(30);
  do {
    most = std::max(most, Held());
    absl::SleepFor(absl::Milliseconds(5));
  } while (Held() > 0 && absl::Now() < latest);
  EXPECT_LE(most, 10 * 1024 * 1024u);
}

TEST_F(SlowReaderTest, WhoReadsGetsTheWholeAnswer) {
  for (int i = 0; i < 10; ++i) {
    grpc::ClientContext context;
    CompanyListReply reply;
    ASSERT_TRUE(server_.stub().companyList(&context, Request(), &reply).ok());
    EXPECT_EQ(reply.orderedcompanyids(0).size(), 3 * 1024 * 1024u);
  }
}

}  // namespace slow_reader_test
}  // namespace usher::rpc
