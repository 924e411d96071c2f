// A log that nobody reads: a pipe whose reader holds it open and stands still.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "tests/support/own_server.h"

namespace usher {
namespace stalled_log_test {

constexpr absl::Duration kPatience = absl::Seconds(30);

class StalledLogTest : public ::testing::Test {
 protected:
  StalledLogTest() {
    std::string pattern = "/tmp/usher_stalled_XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
    mkfifo((folder_ + "/log").c_str(), 0600);
    reader_ = open((folder_ + "/log").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    OwnServer::Start start;
    start.service = "room";
    start.flags = {"--listen=unix:" + folder_ + "/socket", "--longest_drain=2s"};
    start.await_serving = false;
    start.log = folder_ + "/log";
    server_ = std::make_unique<OwnServer>(start);
    channel_ =
        grpc::CreateChannel("unix:" + folder_ + "/socket", grpc::InsecureChannelCredentials());
  }
  ~StalledLogTest() override {
    server_.reset();
    close(reader_);
    std::filesystem::remove_all(folder_);
  }

  // A call that is refused in the gate, and leaves a line of some hundred bytes.
  grpc::Status Call() const {
    ::roomService::RoomListRequest request;
    request.mutable_accessinfo()->set_accesstoken("no token");
    request.mutable_accessinfo()->set_requestid(std::string(100, 'x'));
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
    ::roomService::RoomListReply reply;
    return ::roomService::roomService::NewStub(channel_)->List(&context, request, &reply);
  }
  std::string ReadAll() const {
    std::string all;
    char buffer[65536];
    ssize_t got = 0;
    while ((got = read(reader_, buffer, sizeof(buffer))) > 0) {
      all.append(buffer, static_cast<size_t>(got));
    }
    return all;
  }

  House& house_ = House::Get();
  std::string folder_;
  int reader_;
  std::unique_ptr<OwnServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

// C6.
TEST_F(StalledLogTest, HoldsUpNoCallNorHealthNorTheStop) {
  ASSERT_TRUE(IsServing(channel_, kPatience));
  for (int i = 0; i < 6000; ++i) ASSERT_TRUE(Call().ok()) << "call " << i;  // some 2 MB of lines
  EXPECT_TRUE(IsServing(channel_, kPatience));
  server_->process().Signal(SIGTERM);
  EXPECT_EQ(server_->process().Wait(absl::Seconds(30)), 0);
}

TEST_F(StalledLogTest, SaysHowManyLinesAreMissingWhenItIsReadAgain) {
  ASSERT_TRUE(IsServing(channel_, kPatience));
  for (int i = 0; i < 6000; ++i) ASSERT_TRUE(Call().ok()) << "call " << i;
  std::string log;
  const absl::Time until = absl::Now() + kPatience;
  while (!absl::StrContains(log, "log lines were dropped") && absl::Now() < until) {
    log += ReadAll();
  }
  EXPECT_THAT(log, ::testing::HasSubstr("log lines were dropped"));
  server_->process().Signal(SIGTERM);
  while (server_->process().IsRunning() && absl::Now() < until) log += ReadAll();
  log += ReadAll();
  EXPECT_THAT(log, ::testing::HasSubstr("\"message\":\"stopped\""));
  const std::vector<std::string> lines = absl::StrSplit(log, '\n', absl::SkipEmpty());
  for (const std::string& line : lines) {
    ASSERT_TRUE(absl::StartsWith(line, "{\"time\"") && absl::EndsWith(line, "}")) << line;
  }
}

}  // namespace stalled_log_test
}  // namespace usher
