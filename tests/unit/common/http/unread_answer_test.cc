// What a JSON answer counts for while its client does not read it.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/gate_server.h"
#include "tests/support/raw_http.h"

namespace usher::http {
namespace unread_answer_test {

class UnreadAnswerTest : public ::testing::Test {
 protected:
  // Each answer has `text` in it.
  void Start(const std::string& text) {
    server_.rpc().list = [text](const auto&, const auto&, auto& reply) {
      (*reply.mutable_companies())["acme"].set_displayname(text);
      return absl::OkStatus();
    };
    server_.StartWithJson();
  }
  // One that takes a little at a time, and asks for more than its socket holds.
  RawHttp Unreading() {
    RawHttp client(server_.server().ports().back().address);
    const int small = 4096;
    setsockopt(client.descriptor(), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    const std::string token = absl::Base64Escape(server_.Token());
    const std::string request = HttpPost(
        "/companyService/list", absl::StrCat(R"({"accessInfo":{"accessToken":")", token, R"("}})"),
        "grpc-timeout: 2S\r\n");
    for (int i = 0; i < 4; ++i) client.Send(request);
    return client;
  }
  size_t Held() { return server_.gate().reply_bytes().taken(); }
  // False when it does not come to that within ten seconds.
  template <class Condition>
  bool Comes(Condition condition) {
    const absl::Time until = absl::Now() + absl::Seconds(10);
    while (!condition() && absl::Now() < until) absl::SleepFor(absl::Milliseconds(1));
    return condition();
  }

  rpc::GateServer server_;
};

TEST_F(UnreadAnswerTest, IsCountedUntilItIsGivenUp) {
  Start(std::string(4'000'000, 'x'));
  const RawHttp client = Unreading();
  EXPECT_TRUE(Comes([this] { return Held() > 0; }));
  EXPECT_TRUE(Comes([this] { return Held() == 0; }));
}

// As protobuf it takes a sixth of that.
TEST_F(UnreadAnswerTest, IsCountedByItsText) {
  Start(std::string(1'000'000, '\x01'));
  const RawHttp client = Unreading();
  EXPECT_TRUE(Comes([this] { return Held() >= 6'000'000; }));
}

}  // namespace unread_answer_test
}  // namespace usher::http
