// What the gate says of each call: log lines and metrics.
#include <gmock/gmock.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/log.h"
#include "tests/support/gate_test_base.h"

namespace usher::rpc {
namespace gate_report_test {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class GateReportTest : public GateTestBase {};

TEST_F(GateReportTest, LogsOneLineOfACallAndNoToken) {
  server_.Start();
  const std::string token = server_.Token();
  log::Open("test", "info");
  log::Flush();
  ::testing::internal::CaptureStdout();
  ExpectDecided(List(token, "request \"7\""), ::common::OK);
  server_.Stop();
  log::Flush();
  const std::string line = ::testing::internal::GetCapturedStdout();
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1) << line;
  EXPECT_THAT(line, HasSubstr(R"("rpc":"test.list","code":"OK")"));
  EXPECT_THAT(line, HasSubstr(R"("request_id":"request \"7\"")"));
  EXPECT_THAT(line, HasSubstr(absl::StrCat(R"("user":")", token::kUser, "\"")));
  EXPECT_THAT(line, HasSubstr(R"("company":"acme")"));
  EXPECT_THAT(line, HasSubstr(R"("peer":"127.0.0.1")"));
  EXPECT_THAT(line, Not(HasSubstr(token.substr(0, 40))));
  EXPECT_THAT(line, Not(HasSubstr(token.substr(token.size() - 20))));
  EXPECT_THAT(line, Not(HasSubstr(absl::BytesToHexString(token.substr(9, 16)))));
  EXPECT_THAT(line, Not(HasSubstr(absl::Base64Escape(token.substr(9, 15)))));
}

TEST_F(GateReportTest, LogsAFaultOfOursWithItsRequestId) {
  server_.rpc().list = [](const auto&, const auto&, auto&) {
    return absl::InternalError("insert_room\nfailed");
  };
  server_.Start();
  log::Open("test", "info");
  log::Flush();
  ::testing::internal::CaptureStdout();
  List(server_.Token(), "request-9");
  server_.Stop();
  log::Flush();
  const std::string lines = ::testing::internal::GetCapturedStdout();
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 2) << lines;
  EXPECT_THAT(lines, HasSubstr(R"(insert_room\u000afailed)"));
  EXPECT_THAT(lines, HasSubstr(R"("code":"grpc INTERNAL")"));
}

TEST_F(GateReportTest, NamesTheTraceInEachLineAndNoneThatIsMalformed) {
  constexpr char kTrace[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  server_.rpc().list = [](const auto&, const auto&, auto&) {
    return absl::InternalError("a fault");
  };
  server_.Start();
  log::Open("test", "info");
  log::Flush();
  ::testing::internal::CaptureStdout();
  for (const std::string trace : {kTrace, "00-of-my-own-01"}) {
    ::companyService::CompanyListRequest request;
    request.mutable_accessinfo()->set_accesstoken(server_.Token());
    grpc::ClientContext context;
    context.AddMetadata("traceparent", trace);
    ::companyService::CompanyListReply reply;
    server_.stub().companyList(&context, request, &reply);
  }
  server_.Stop();
  log::Flush();
  const std::vector<std::string> lines =
      absl::StrSplit(::testing::internal::GetCapturedStdout(), '\n', absl::SkipEmpty());
  ASSERT_THAT(lines, SizeIs(4));
  const std::string named = absl::StrCat(R"("traceparent":")", kTrace, "\"");
  EXPECT_THAT(lines[0], AllOf(HasSubstr("call failed"), HasSubstr(named)));
  EXPECT_THAT(lines[1], HasSubstr(named));
  EXPECT_THAT(lines[2], Not(HasSubstr("of-my-own")));
  EXPECT_THAT(lines[3], Not(HasSubstr("of-my-own")));
}

TEST_F(GateReportTest, CountsCallsByRpcAndCode) {
  server_.Start();
  List(server_.Token());
  List(server_.Token());
  List("");
  server_.Stop();
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, server_.registry().Collect());
  EXPECT_THAT(text.str(), HasSubstr(R"(usher_calls_total{code="OK",rpc="test.list"} 2)"));
  EXPECT_THAT(text.str(),
              HasSubstr(R"(usher_calls_total{code="ACCESS_INFO_MISSING",rpc="test.list"} 1)"));
  EXPECT_THAT(text.str(), HasSubstr(R"(usher_call_seconds_count{rpc="test.list"} 3)"));
}

}  // namespace gate_report_test
}  // namespace usher::rpc
