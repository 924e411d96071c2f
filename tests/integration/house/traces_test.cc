// A trace can be followed through the logs of every server that a call passes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/id.h"
#include "tests/support/credentials.h"
#include "tests/support/over_the_wire.h"
#include "tests/support/raw_http.h"

namespace usher {
namespace traces_test {

// One that nobody else has.
std::string NewTrace() {
  const std::string id = NewUuid();  // its hexadecimal digits in groups of 8, 4, 4, 4 and 12
  return absl::StrCat("00-", absl::StrJoin(absl::StrSplit(id, '-'), ""), "-b7ad6b7169203331-01");
}

class TracesTest : public OverTheWire {
 protected:
  // The rpcs that a server has logged as answered in that trace.
  std::vector<std::string> Logged(const std::string& server, const std::string& trace) {
    std::vector<std::string> found;
    const std::string named = absl::StrCat("\"traceparent\":\"", trace, "\"");
    for (const absl::string_view line : absl::StrSplit(house_.Log(server), '\n')) {
      if (!absl::StrContains(line, named)) continue;
      const std::vector<std::string> around = absl::StrSplit(line, "\"rpc\":\"");
      found.push_back(around.size() < 2 ? std::string(line)
                                        : std::string(around[1].substr(0, around[1].find('"'))));
    }
    return found;
  }

  ::user::UserCreateReply CreateUser(const std::string& trace) {
    ::user::UserCreateRequest request;
    const std::string name = absl::StrCat("user-", NewUuid());
    *request.mutable_authenticationrequest() =
        WithPassword("", name, absl::StrCat("password of ", name));
    return Ask(&UserStub::userCreate, As(AdminOf("acme"), request), {{"traceparent", trace}});
  }
};

TEST_F(TracesTest, EveryServerThatACallPassesNamesItsTrace) {
  const std::string trace = NewTrace();
  ASSERT_THAT(CreateUser(trace), Answers(::common::OK));
  // Logs wait a moment in memory.
  EXPECT_TRUE(WithinFiveSeconds([&] { return !Logged("user", trace).empty(); }));
  EXPECT_TRUE(WithinFiveSeconds([&] { return !Logged("auth", trace).empty(); }));
  EXPECT_THAT(Logged("user", trace), ::testing::ElementsAre("user.create"));
  EXPECT_THAT(Logged("auth", trace), ::testing::ElementsAre("internal.ensureUser"));
  EXPECT_THAT(Logged("room", trace), ::testing::IsEmpty());
}

// By the door for JSON as well, from which on it is the same call.
TEST_F(TracesTest, ATraceThatComesByJsonIsNamedByEveryServerThatTheCallPasses) {
  const std::string trace = NewTrace();
  const std::string name = absl::StrCat("user-", NewUuid());
  const HttpAnswer answer =
      RawHttp(house_.Socket("user", "json"))
          .Ask(HttpPost(
              "/userService/create",
              absl::StrCat(R"({"accessInfo":{"accessToken":")", absl::Base64Escape(AdminOf("acme")),
                           R"("},"authenticationRequest":{"usernamePasswordCredentials":{)",
                           R"("username":")", name, R"(","password":"password of )", name,
                           R"("}}})"),
              absl::StrCat("traceparent: ", trace, "\r\n")));
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_FALSE(absl::StrContains(answer.body, "statusCode")) << answer.body;
  EXPECT_TRUE(WithinFiveSeconds([&] { return !Logged("user", trace).empty(); }));
  EXPECT_TRUE(WithinFiveSeconds([&] { return !Logged("auth", trace).empty(); }));
  EXPECT_THAT(Logged("user", trace), ::testing::ElementsAre("user.create"));
  EXPECT_THAT(Logged("auth", trace), ::testing::ElementsAre("internal.ensureUser"));
}

TEST_F(TracesTest, AMalformedTraceIsNeitherLoggedNorPassedOn) {
  const std::string trace = NewTrace();
  const std::string malformed = absl::AsciiStrToUpper(trace);
  const std::string request_id = NewUuid();
  ::user::UserCreateRequest request;
  request.mutable_accessinfo()->set_requestid(request_id);
  *request.mutable_authenticationrequest() = WithPassword(
      "", absl::StrCat("user-", NewUuid()), absl::StrCat("password of ", request_id.substr(0, 8)));
  ASSERT_THAT(
      Ask(&UserStub::userCreate, As(AdminOf("acme"), request), {{"traceparent", malformed}}),
      Answers(::common::OK));
  for (const std::string server : {"user", "auth"}) {
    EXPECT_TRUE(
        WithinFiveSeconds([&] { return absl::StrContains(house_.Log(server), request_id); }));
    EXPECT_FALSE(absl::StrContains(absl::AsciiStrToLower(house_.Log(server)), trace.substr(3, 32)))
        << server;
  }
}

}  // namespace traces_test
}  // namespace usher
