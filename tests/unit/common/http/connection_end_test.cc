// When a connection ends that its client does not end, and what it may take until then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/unit/common/http/connection_test_base.h"

namespace usher::http {
namespace connection_end_test {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

using ConnectionEndTest = ConnectionTestBase;

TEST_F(ConnectionEndTest, AClientThatIsSlowWithItsRequestGetsA408) {
  EXPECT_THAT(Said("POST /"), IsEmpty());
  connection_->Look(absl::Now() + absl::Seconds(9));
  EXPECT_FALSE(connection_->closed());
  connection_->Look(absl::Now() + absl::Seconds(11));
  EXPECT_THAT(Said(""), StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
}

TEST_F(ConnectionEndTest, AClientThatIsSlowWithItsBodyGetsA408) {
  EXPECT_THAT(SaidTo(absl::StrCat("POST ", kPath), "Content-Length: 2\r\n", "{"), IsEmpty());
  connection_->Look(absl::Now() + absl::Seconds(29));
  EXPECT_FALSE(connection_->closed());
  connection_->Look(absl::Now() + absl::Seconds(31));
  EXPECT_THAT(Said(""), StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
}

TEST_F(ConnectionEndTest, WhoSaysNothingIsClosed) {
  connection_->Look(absl::Now() + absl::Seconds(11));
  EXPECT_TRUE(connection_->closed());
}

TEST_F(ConnectionEndTest, AnIdleConnectionIsClosedAfterItsTime) {
  Said(HttpPost(kPath, "{}"));
  connection_->Look(absl::Now() + absl::Minutes(14));
  EXPECT_FALSE(connection_->closed());
  connection_->Look(absl::Now() + absl::Minutes(16));
  EXPECT_TRUE(connection_->closed());
}

TEST_F(ConnectionEndTest, WhoDoesNotReadIsCutOffAtTheDeadlineOfTheCall) {
  connection_->holds = true;
  Said(HttpPost(kPath, "{}"));
  connection_->Look(absl::Now() + absl::Seconds(9));
  EXPECT_FALSE(connection_->closed());
  connection_->Look(absl::Now() + absl::Seconds(11));
  EXPECT_TRUE(connection_->closed());
}

TEST_F(ConnectionEndTest, WhoWasToldTheEndAndDoesNotCloseIsClosed) {
  Said("nonsense\n");
  EXPECT_TRUE(connection_->shut);
  EXPECT_FALSE(connection_->closed());
  connection_->Look(absl::Now() + absl::Seconds(3));
  EXPECT_TRUE(connection_->closed());
}

TEST_F(ConnectionEndTest, ADrainClosesWhatIsIdleAndRefusesWhatIsNew) {
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

DoorOptions WithLittleMemory() {
  DoorOptions options;
  options.most_body_bytes = 100'000;
  options.most_body_bytes_of_one = 100'000;
  return options;
}

class LittleMemoryTest : public ConnectionTestBase {
 protected:
  LittleMemoryTest() : ConnectionTestBase(WithLittleMemory()) {}
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

}  // namespace connection_end_test
}  // namespace usher::http
