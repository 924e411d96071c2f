#include "common/http/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/gate_server.h"
#include "tests/support/raw_http.h"

namespace usher::http {
namespace connection_test {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kPath[] = "/companyService/available";
// The answer to a call whose body said nothing.
constexpr char kSaidNothing[] = R"(})";

// A connection whose other side is the test.
class FakeConnection final : public Connection {
 public:
  explicit FakeConnection(Exchange& exchange) : Connection(exchange, "ipv4:192.0.2.1:40000") {}

  // What the client sends; dropped while nobody reads.
  void Come(absl::string_view bytes) {
    if (!reading) return;
    reading = false;
    Received(bytes);
  }
  void End() {
    if (std::exchange(reading, false)) Ended();
  }
  void LetWrite() {
    holds = false;
    Written(true);
  }

  bool reading = false;
  bool holds = false;  // the client does not read
  bool shut = false;
  std::string written;

 private:
  void StartRead() override { reading = true; }
  void StartWrite(const Output& output) override {
    absl::StrAppend(&written, output.head, output.body);
    if (!holds) Written(true);
  }
  void ShutDownWriting() override { shut = true; }
  void CloseSocket() override { reading = false; }
};

// Calls of companyAvailable are answered at once, on this thread.
class ConnectionTest : public ::testing::Test {
 protected:
  explicit ConnectionTest(DoorOptions options = {})
      : exchange_(server_.gate(), std::move(options), [] {}),
        connection_(std::make_shared<FakeConnection>(exchange_)) {
    connection_->Begin();
  }

  // What is said to these bytes.
  std::string Said(absl::string_view bytes) {
    connection_->Come(bytes);
    exchange_.SendAnswers();
    return std::exchange(connection_->written, {});
  }
  std::string SaidTo(absl::string_view line, absl::string_view fields = "",
                     absl::string_view body = "") {
    return Said(absl::StrCat(line, " HTTP/1.1\r\nHost: h\r\n", fields, "\r\n", body));
  }
  bool IsReading() const { return connection_->reading; }

  rpc::GateServer server_;
  Exchange exchange_;
  std::shared_ptr<FakeConnection> connection_;
};

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

TEST_F(ConnectionTest, AClientThatIsSlowWithItsRequestGetsA408) {
  EXPECT_THAT(Said("POST /"), IsEmpty());
  connection_->Look(absl::Now() + absl::Seconds(9));
  EXPECT_FALSE(connection_->closed());
  connection_->Look(absl::Now() + absl::Seconds(11));
  EXPECT_THAT(Said(""), StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
}

TEST_F(ConnectionTest, AClientThatIsSlowWithItsBodyGetsA408) {
  EXPECT_THAT(SaidTo(absl::StrCat("POST ", kPath), "Content-Length: 2\r\n", "{"), IsEmpty());
  connection_->Look(absl::Now() + absl::Seconds(29));
  EXPECT_FALSE(connection_->closed());
  connection_->Look(absl::Now() + absl::Seconds(31));
  EXPECT_THAT(Said(""), StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
}

TEST_F(ConnectionTest, WhoSaysNothingIsClosed) {
  connection_->Look(absl::Now() + absl::Seconds(11));
  EXPECT_TRUE(connection_->closed());
}

TEST_F(ConnectionTest, AnIdleConnectionIsClosedAfterItsTime) {
  Said(HttpPost(kPath, "{}"));
  connection_->Look(absl::Now() + absl::Minutes(14));
  EXPECT_FALSE(connection_->closed());
  connection_->Look(absl::Now() + absl::Minutes(16));
  EXPECT_TRUE(connection_->closed());
}

TEST_F(ConnectionTest, WhoDoesNotReadIsCutOffAtTheDeadlineOfTheCall) {
  connection_->holds = true;
  Said(HttpPost(kPath, "{}"));
  connection_->Look(absl::Now() + absl::Seconds(9));
  EXPECT_FALSE(connection_->closed());
  connection_->Look(absl::Now() + absl::Seconds(11));
  EXPECT_TRUE(connection_->closed());
}

TEST_F(ConnectionTest, WhoWasToldTheEndAndDoesNotCloseIsClosed) {
  Said("nonsense\n");
  EXPECT_TRUE(connection_->shut);
  EXPECT_FALSE(connection_->closed());
  connection_->Look(absl::Now() + absl::Seconds(3));
  EXPECT_TRUE(connection_->closed());
}

TEST_F(ConnectionTest, ADrainClosesWhatIsIdleAndRefusesWhatIsNew) {
  const auto other = std::make_shared<FakeConnection>(exchange_);
  other->Begin();
  Said("POST ");
  exchange_.draining = true;
  connection_->Drain();
  other->Drain();
  EXPECT_TRUE(other->closed());
  EXPECT_FALSE(connection_->closed());
  const std::string said =
      Said(absl::StrCat(kPath, " HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}"));
  EXPECT_THAT(said, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(said, HasSubstr(R"("code":14,)"));
  EXPECT_THAT(said, HasSubstr("connection: close"));
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

DoorOptions WithLittleMemory() {
  DoorOptions options;
  options.most_body_bytes = 100'000;
  options.most_body_bytes_of_one = 100'000;
  return options;
}

class LittleMemoryTest : public ConnectionTest {
 protected:
  LittleMemoryTest() : ConnectionTest(WithLittleMemory()) {}
};

TEST_F(LittleMemoryTest, BodiesOnTheirWayAreCountedAndGivenBack) {
  const std::string line = absl::StrCat("POST ", kPath);
  EXPECT_THAT(SaidTo(line, "Content-Length: 90000\r\n"), IsEmpty());
  const auto other = std::make_shared<FakeConnection>(exchange_);
  other->Begin();
  other->Come(absl::StrCat(line, " HTTP/1.1\r\nHost: h\r\nContent-Length: 20000\r\n\r\n"));
  exchange_.SendAnswers();
  EXPECT_THAT(other->written, StartsWith("HTTP/1.1 429 Too Many Requests\r\n"));
  Said(std::string(90'000, ' '));  // no JSON, as the intake finds
  connection_->CutOff();
  while (exchange_.counters.calls.load() > 0) absl::SleepFor(absl::Milliseconds(1));
  exchange_.SendAnswers();
  EXPECT_EQ(exchange_.body_bytes.taken(), 0U);
}

}  // namespace connection_test
}  // namespace usher::http
