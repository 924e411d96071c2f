// More connections than a server has descriptors for.
#include <sys/resource.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/chaos/chaos_test_base.h"
#include "tests/chaos/raw_call.h"
#include "tests/chaos/socket.h"

namespace usher::chaos {
namespace descriptors_exhausted_test {

constexpr int kConnections = 1100;
constexpr char kLimit[] = "--nofile=1024:1024";  // soft and hard: nothing is left to be raised
constexpr absl::Duration kPatience = absl::Seconds(20);
constexpr absl::Duration kAtOnce = absl::Seconds(5);
// What a client of HTTP/2 says first (RFC 9113, 3.4), with an empty SETTINGS frame.
constexpr absl::string_view kPreface("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 33);

class IdleConnections {
 public:
  IdleConnections(const std::string& address, int count) {
    for (int i = 0; i < count; ++i) {
      const int socket = Connect(address);
      if (socket < 0) continue;  // the backlog is full: that counts as well
      sockets_.push_back(socket);
      if (write(socket, kPreface.data(), kPreface.size()) < 0) continue;
    }
  }
  ~IdleConnections() { Close(); }
  IdleConnections(const IdleConnections&) = delete;
  IdleConnections& operator=(const IdleConnections&) = delete;

  size_t size() const { return sockets_.size(); }
  void Close() {
    for (const int socket : sockets_) close(socket);
    sockets_.clear();
  }

 private:
  std::vector<int> sockets_;
};

class DescriptorsExhaustedTest : public ChaosTest {
 protected:
  DescriptorsExhaustedTest() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max < 2 * kConnections) {
      ADD_FAILURE() << "this test needs a hard limit of descriptors above " << 2 * kConnections;
    }
    chaos_.RestartWith("company", {}, {"/usr/bin/prlimit", kLimit});
  }
  static grpc::Status Ask(const std::shared_ptr<grpc::Channel>& channel) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + 2 * kAtOnce));
    ::companyService::CompanyAvailableReply reply;
    ::companyService::CompanyAvailableRequest request;
    request.set_displayname("acme");
    return ::companyService::CompanyService::NewStub(channel)->companyAvailable(&context, request,
                                                                                &reply);
  }
  static bool IsServed(const std::shared_ptr<grpc::Channel>& channel) { return Ask(channel).ok(); }
  // A client that was not there before.
  bool IsServed() const { return IsServed(ChannelOfAStranger(house_.Socket("company", "public"))); }
};

// The newest are refused, and at once; whoever is there stays; and nobody is deaf
// afterwards.
TEST_F(DescriptorsExhaustedTest, TheNewestIsRefusedAtOnceAndServedOnceThereIsRoomAgain) {
  ASSERT_TRUE(IsServed());
  const auto before = ChannelOfAStranger(house_.Socket("company", "public"));
  ASSERT_TRUE(IsServed(before));
  IdleConnections idle(house_.Socket("company", "public"), kConnections);
  EXPECT_GT(idle.size(), 1000u);
  EXPECT_TRUE(IsServed(before)) << "whoever was there before";
  EXPECT_TRUE(Await(kPatience, [this] { return !IsServed(); })) << "they took no room";
  const absl::Time asked = absl::Now();
  EXPECT_EQ(Ask(ChannelOfAStranger(house_.Socket("company", "public"))).error_code(),
            grpc::StatusCode::UNAVAILABLE);
  EXPECT_LT(absl::Now() - asked, kAtOnce);
  EXPECT_TRUE(IsServed(before));
  idle.Close();
  EXPECT_TRUE(Await(kPatience, [this] { return IsServed(); })) << "deaf for ever";
}

}  // namespace descriptors_exhausted_test
}  // namespace usher::chaos
