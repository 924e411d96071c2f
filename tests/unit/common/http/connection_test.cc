#include "common/http/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/unit/common/http/connection_test_base.h"

namespace usher::http {
namespace connection_test {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

// The answer to a call whose body said nothing.
constexpr char kSaidNothing[] = R"(})";

using ConnectionTest = ConnectionTestBase;

TEST_F(ConnectionTest, ACallIsAnsweredAndTheNextOneMayCome) {
  for (int i = 0; i < 3; ++i) {
    const std::string said = Said(HttpPost(kPath, R"({"displayName":"a"})"));
    EXPECT_THAT(said, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(said, HasSubstr("\r\ncontent-type: application/json\r\n"));
    EXPECT_THAT(said, HasSubstr("\r\nx-request-id: "));
    EXPECT_THAT(said, Not(HasSubstr("connection: close")));
    EXPECT_THAT(said, EndsWith(kSaidNothing));
    EXPECT_TRUE(IsReading());
  }
  EXPECT_EQ(exchange_.counters.requests.load(), 3U);
  EXPECT_EQ(exchange_.counters.calls.load(), 0U);
}

TEST_F(ConnectionTest, ARequestMayComeByteByByte) {
  std::string said;
  for (const char byte : HttpPost(kPath, R"({"displayName":"a"})")) {
    EXPECT_THAT(said, IsEmpty());
    said = Said(absl::string_view(&byte, 1));
  }
  EXPECT_THAT(said, StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(ConnectionTest, RequestsThatComeAtOnceAreAnsweredOneAfterTheOther) {
  const std::string one = HttpPost(kPath, "{}");
  const std::string bad = HttpPost("/nowhere", "{}");
  EXPECT_THAT(Said(absl::StrCat(one, bad, one)), StartsWith("HTTP/1.1 200"));
  EXPECT_FALSE(IsReading());
  exchange_.SendAnswers();
  EXPECT_THAT(std::exchange(connection_->written, {}), StartsWith("HTTP/1.1 404"));
  exchange_.SendAnswers();
  EXPECT_THAT(std::exchange(connection_->written, {}), StartsWith("HTTP/1.1 200"));
  EXPECT_TRUE(IsReading());
}

TEST_F(ConnectionTest, WhatIsNoCallIsRefusedWithACodeAndGoesOn) {
  EXPECT_THAT(SaidTo("POST /nowhere", "Content-Length: 2\r\n", "{}"),
              EndsWith(R"({"error":"there is no call at this path","code":5,)"
                       R"("message":"there is no call at this path"})"));
  EXPECT_THAT(
      SaidTo(absl::StrCat("GET ", kPath)),
      testing::AllOf(StartsWith("HTTP/1.1 405"), HasSubstr("\r\nallow: POST, OPTIONS\r\n")));
  EXPECT_THAT(SaidTo("GET /nowhere"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(SaidTo(absl::StrCat("POST ", kPath),
                     "Content-Type: text/plain\r\nContent-Length: 2\r\n", "{}"),
              StartsWith("HTTP/1.1 415"));
  EXPECT_THAT(
      SaidTo(absl::StrCat("POST ", kPath), "Content-Encoding: gzip\r\nContent-Length: 2\r\n", "{}"),
      StartsWith("HTTP/1.1 415"));
  EXPECT_THAT(
      SaidTo(absl::StrCat("POST ", kPath), "grpc-timeout: soon\r\nContent-Length: 2\r\n", "{}"),
      StartsWith("HTTP/1.1 400"));
  EXPECT_TRUE(IsReading());
  EXPECT_EQ(exchange_.counters.refused.load(), 6U);
}

// Its client, or a proxy, would take a body for the beginning of the next answer.
TEST_F(ConnectionTest, TheAnswerToHeadEndsWithItsHead) {
  for (const absl::string_view path : {kPath, "/nowhere"}) {
    const std::string said = SaidTo(absl::StrCat("HEAD ", path));
    EXPECT_THAT(said, StartsWith("HTTP/1.1 40"));
    EXPECT_THAT(said, HasSubstr("\r\ncontent-length: "));
    EXPECT_THAT(said, EndsWith("\r\n\r\n"));
    EXPECT_TRUE(IsReading());
  }
  EXPECT_THAT(Said(HttpPost(kPath, "{}")), StartsWith("HTTP/1.1 200"));
}

TEST_F(ConnectionTest, JsonMayNameItsCharset) {
  for (const char* type :
       {"application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8",
        "application/json; charset=\"utf-8\""}) {
    EXPECT_THAT(SaidTo(absl::StrCat("POST ", kPath),
                       absl::StrCat("Content-Type: ", type, "\r\nContent-Length: 2\r\n"), "{}"),
                StartsWith("HTTP/1.1 200"))
        << type;
  }
  EXPECT_THAT(
      SaidTo(absl::StrCat("POST ", kPath),
             "Content-Type: application/json; charset=utf-16\r\nContent-Length: 2\r\n", "{}"),
      StartsWith("HTTP/1.1 415"));
}

TEST_F(ConnectionTest, ABodyThatIsNoJsonIsA400AndGoesOn) {
  const std::string said = Said(HttpPost(kPath, R"({"displayName":7})"));
  EXPECT_THAT(said, StartsWith("HTTP/1.1 400 Bad Request\r\n"));
  EXPECT_THAT(said, HasSubstr(R"("code":3,)"));
  EXPECT_THAT(said, HasSubstr("displayName is a string"));
  EXPECT_THAT(said, HasSubstr("\r\nx-request-id: "));
  EXPECT_TRUE(IsReading());
}

TEST_F(ConnectionTest, BothBasePathsLeadToTheSameCall) {
  EXPECT_THAT(Said(HttpPost("/json/v1/companyService/available", "{}")),
              StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(Said(HttpPost("http://h/companyService/available?a=b", "{}")),
              StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(Said(HttpPost("/companyService/available/", "{}")), StartsWith("HTTP/1.1 404"));
}

TEST_F(ConnectionTest, WhatOtherServicesAloneMayCallIsNotThere) {
  EXPECT_THAT(Said(HttpPost("/companyService/destroy", "{}")), StartsWith("HTTP/1.1 404"));
}

TEST_F(ConnectionTest, AMalformedRequestEndsTheConnection) {
  const std::string said = Said("POST /a HTTP/1.1\r\nHost : h\r\n\r\nGET / HTTP/1.1\r\n");
  EXPECT_THAT(said, StartsWith("HTTP/1.1 400 Bad Request\r\n"));
  EXPECT_THAT(said, HasSubstr("\r\nconnection: close\r\n"));
  EXPECT_TRUE(connection_->shut);
  EXPECT_THAT(Said(HttpPost(kPath, "{}")), IsEmpty());
  connection_->End();
  EXPECT_TRUE(connection_->closed());
}

TEST_F(ConnectionTest, WhoAsksForTheEndGetsIt) {
  EXPECT_THAT(
      SaidTo(absl::StrCat("POST ", kPath), "Connection: close\r\nContent-Length: 2\r\n", "{}"),
      HasSubstr("\r\nconnection: close\r\n"));
  EXPECT_TRUE(connection_->shut);
}

TEST_F(ConnectionTest, HttpOnePointZeroIsAnsweredOnce) {
  EXPECT_THAT(Said(absl::StrCat("POST ", kPath, " HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}")),
              StartsWith("HTTP/1.1 200"));
  EXPECT_TRUE(connection_->shut);
}

TEST_F(ConnectionTest, ABodyIsAskedForWhereTheClientWaits) {
  EXPECT_EQ(SaidTo(absl::StrCat("POST ", kPath), "Expect: 100-continue\r\nContent-Length: 2\r\n"),
            "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_THAT(Said("{}"), StartsWith("HTTP/1.1 200"));
  // It need not wait.
  EXPECT_THAT(
      SaidTo(absl::StrCat("POST ", kPath), "Expect: 100-continue\r\nContent-Length: 2\r\n", "{}"),
      StartsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200"));
}

TEST_F(ConnectionTest, ABodyThatNobodyWantsIsNotAskedFor) {
  EXPECT_THAT(SaidTo("POST /nowhere", "Expect: 100-continue\r\nContent-Length: 2\r\n"),
              testing::AllOf(StartsWith("HTTP/1.1 404"), HasSubstr("connection: close")));
}

TEST_F(ConnectionTest, ABodyLargerThanItsMethodTakesIsA413BeforeItComes) {
  const std::string said = SaidTo(absl::StrCat("POST ", kPath),
                                  absl::StrCat("Content-Length: ", 256 * 1024 + 1, "\r\n"));
  EXPECT_THAT(said, StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(said, HasSubstr(R"("code":8,)"));
  EXPECT_TRUE(connection_->shut);
}

TEST_F(ConnectionTest, ALargeBodyForNoCallIsNotReadToItsEnd) {
  EXPECT_THAT(SaidTo("POST /nowhere", "Content-Length: 100000\r\n"),
              testing::AllOf(StartsWith("HTTP/1.1 404"), HasSubstr("connection: close")));
}

TEST_F(ConnectionTest, NobodysPagesMayCall) {
  const std::string said =
      SaidTo(absl::StrCat("OPTIONS ", kPath), "Origin: https://app.example.com\r\n");
  EXPECT_THAT(said, StartsWith("HTTP/1.1 204 No Content\r\n"));
  EXPECT_THAT(said, Not(HasSubstr("access-control")));
}

DoorOptions WithOrigin() {
  DoorOptions options;
  options.origins = *Origins::Parse("https://app.example.com");
  return options;
}

class OriginTest : public ConnectionTest {
 protected:
  OriginTest() : ConnectionTest(WithOrigin()) {}
};

TEST_F(OriginTest, PagesOfTheConfigurationMayCall) {
  const std::string asked =
      SaidTo(absl::StrCat("OPTIONS ", kPath), "Origin: https://app.example.com\r\n");
  EXPECT_THAT(asked, HasSubstr("\r\naccess-control-allow-origin: https://app.example.com\r\n"));
  EXPECT_THAT(asked, HasSubstr("\r\naccess-control-allow-methods: POST\r\n"));
  EXPECT_THAT(Said(HttpPost(kPath, "{}", "Origin: https://app.example.com\r\n")),
              HasSubstr("\r\naccess-control-allow-origin: https://app.example.com\r\n"));
  EXPECT_THAT(Said(HttpPost(kPath, "{}", "Origin: https://app.example.com.evil.example\r\n")),
              Not(HasSubstr("access-control")));
}

}  // namespace connection_test
}  // namespace usher::http
