#include "deploy/engines/livekit/http_listener.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

#include "absl/strings/str_cat.h"
#include "tests/support/raw_http.h"

namespace usher::livekit {
namespace http_listener_test {

// No more than so many descriptors can be opened, until it ends.
class DescriptorsLeft {
 public:
  explicit DescriptorsLeft(int left) {
    getrlimit(RLIMIT_NOFILE, &before_);
    const int lowest = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(lowest);
    rlimit limit = before_;
    limit.rlim_cur = static_cast<rlim_t>(lowest + left);
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  ~DescriptorsLeft() { setrlimit(RLIMIT_NOFILE, &before_); }
  DescriptorsLeft(const DescriptorsLeft&) = delete;
  DescriptorsLeft& operator=(const DescriptorsLeft&) = delete;

 private:
  rlimit before_ = {};
};

// What all threads of this process have computed.
absl::Duration Computed() {
  timespec time = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return absl::DurationFromTimespec(time);
}

class HttpListenerTest : public ::testing::Test {
 protected:
  HttpListenerTest() {
    auto opened =
        HttpListener::Open({.address = address_,
                            .largest_body = 100,
                            .most_connections = 2,
                            .longest = absl::Milliseconds(200)},
                           [this](const http::RequestHead& head, const std::string& body) {
                             ++handled_;
                             return head.method() == "POST" && body == "{}" ? 200 : 401;
                           });
    if (opened.ok()) listener_ = *std::move(opened);
  }

  const std::string address_ = absl::StrCat("unix:/tmp/usher-listener-", getpid());
  std::atomic<int> handled_{0};
  std::unique_ptr<HttpListener> listener_;
};

TEST_F(HttpListenerTest, AnswersWhatTheHandlerSays) {
  ASSERT_NE(listener_, nullptr);
  for (const auto& [body, status] : {std::pair("{}", 200), std::pair("{", 401)}) {
    RawHttp client(address_);
    client.Send(::usher::HttpPost("/", body));
    EXPECT_EQ(client.Answer().status, status);
  }
}

TEST_F(HttpListenerTest, WhatIsTooLargeDoesNotReachTheHandler) {
  RawHttp client(address_);
  client.Send(::usher::HttpPost("/", std::string(101, 'x')));
  EXPECT_EQ(client.Answer().status, 413);
  EXPECT_EQ(handled_, 0);
}

TEST_F(HttpListenerTest, WhatIsNoRequestDoesNotReachTheHandler) {
  RawHttp client(address_);
  client.Send("GET\r\n\r\n");
  EXPECT_EQ(client.Answer().status, 400);
  EXPECT_EQ(handled_, 0);
}

// As long as all places are taken by those who say nothing, others wait; not for ever.
TEST_F(HttpListenerTest, WhoSaysNothingLosesTheirPlace) {
  RawHttp first(address_);
  RawHttp second(address_);
  RawHttp third(address_);
  third.Send(::usher::HttpPost("/", "{}"));
  EXPECT_EQ(third.Answer().status, 200);
}

// Whoever waits to be accepted goes on waiting, and the socket stays readable.
TEST_F(HttpListenerTest, WithoutDescriptorsItRestsAndGoesOnWhenThereAreSome) {
  ASSERT_NE(listener_, nullptr);
  std::optional<RawHttp> client;
  {
    const DescriptorsLeft one(1);
    client.emplace(address_);
    client->Send(::usher::HttpPost("/", "{}"));
    const absl::Duration before = Computed();
    EXPECT_EQ(client->Answer(absl::Milliseconds(500)).status, 0);
    EXPECT_LT(Computed() - before, absl::Milliseconds(50));
  }
  EXPECT_EQ(client->Answer().status, 200);
}

}  // namespace http_listener_test
}  // namespace usher::livekit
