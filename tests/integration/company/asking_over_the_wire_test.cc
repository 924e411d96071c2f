// Whether companies' names are free, as strangers ask.
#include <gmock/gmock.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/over_the_wire.h"
#include "tests/support/own_server.h"
#include "tests/support/raw_http.h"

namespace usher {
namespace asking_over_the_wire_test {

using ::testing::HasSubstr;

class AskingOverTheWire : public OverTheWire {};

// L16: by both doors together, and as the address that a proxy says.
TEST_F(AskingOverTheWire, L16OneSourceAsksForSoManyNamesAndOthersGoOn) {
  OwnServer server({.flags = {"--available_a_minute=3", "--json_listen=127.0.0.1:0",
                              "--trusted_proxies=127.0.0.1"}});
  const auto stub = ::companyService::CompanyService::NewStub(server.NewChannel());
  const auto ask = [&](const std::string& source) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    context.AddMetadata("x-forwarded-for", source);
    ::companyService::CompanyAvailableRequest request;
    request.set_displayname("A new company");
    ::companyService::CompanyAvailableReply reply;
    EXPECT_TRUE(stub->companyAvailable(&context, request, &reply).ok());
    return reply;
  };
  const auto ask_by_json = [&](absl::string_view source) {
    return RawHttp(server.Address("JSON"))
        .Ask(HttpPost("/companyService/available", R"({"displayName":"A new company"})",
                      absl::StrCat("x-forwarded-for: ", source, "\r\n")))
        .body;
  };
  EXPECT_TRUE(ask("203.0.113.1").available());
  EXPECT_THAT(ask_by_json("203.0.113.1"), HasSubstr("\"available\":true"));
  EXPECT_TRUE(ask("203.0.113.1").available());
  const auto refused = ask("203.0.113.1");
  EXPECT_THAT(refused, Answers(::common::QUOTA_EXCEEDED));
  EXPECT_EQ(refused.companyid(), "");
  EXPECT_THAT(
      refused.replyinfo().statusmessage(),
      ::testing::MatchesRegex("too many names were asked for; try again in [0-9]+ seconds?"));
  EXPECT_THAT(ask_by_json("203.0.113.1"), HasSubstr("\"QUOTA_EXCEEDED\""));
  EXPECT_TRUE(ask("203.0.113.2").available());
}

}  // namespace asking_over_the_wire_test
}  // namespace usher
