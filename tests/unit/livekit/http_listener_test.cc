#include "deploy/engines/livekit/http_listener.h"

#include <errno.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/support/raw_http.h"

namespace usher::livekit {
namespace http_listener_test {

class HttpListenerTest : public ::testing::Test {
 protected:
  HttpListenerTest() {
    auto opened =
        HttpListener::Open({.address = address_,
                            .largest_body = 100,
                            .most_connections = 2,
                            .longest = absl::Milliseconds(200),
                            .accept = [this](int listening) { return Accept(listening); }},
                           [this](const http::RequestHead& head, const std::string& body) {
                             ++handled_;
                             return head.method() == "POST" && body == "{}" ? 200 : 401;
                           });
    if (opened.ok()) listener_ = *std::move(opened);
  }

  int Accept(int listening) {
    if (to_fail_ == 0) return AcceptConnection(listening);
    --to_fail_;
    errno = EMFILE;
    return -1;
  }

  std::atomic<int> to_fail_{0};
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
  to_fail_ = 4;
  const absl::Time began = absl::Now();
  RawHttp client(address_);
  client.Send(::usher::HttpPost("/", "{}"));
  EXPECT_EQ(client.Answer().status, 200);
  EXPECT_EQ(to_fail_, 0);
  EXPECT_GE(absl::Now() - began, 4 * absl::Milliseconds(50));  // the rests
}

}  // namespace http_listener_test
}  // namespace usher::livekit
