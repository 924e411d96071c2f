// --sagas: what an operator sees of what is under way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/house.h"

namespace usher {
namespace sagas_flag_test {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

// A row of nobody's, which no sweeper claims.
class SagasFlagTest : public ::testing::Test {
 protected:
  ~SagasFlagTest() override {
    for (const char* service : {"user", "company"}) {
      house_.database(service).Run("DELETE FROM sagas WHERE company_id = 'nowhere'");
    }
  }
  void Leave(const std::string& service, const std::string& subject, const std::string& kind) {
    house_.database(service).Run(
        "INSERT INTO sagas (company_id, subject, kind, state, lease_until, attempts, rpc, "
        "request_id, "
        "idempotency_key, holder, created_at) VALUES ('nowhere', '" +
        subject + "', " + kind +
        ", 1, now() + interval '2 hours', 3, 'some.rpc', 'request-7', 'a key of the client', "
        "'host-9:17', now() - interval '70 minutes')");
  }
  std::string Printed(const std::string& service) {
    std::vector<std::string> command = house_.Command(service);
    command.push_back("--sagas");
    return RunProgram(command);
  }

  House& house_ = House::Get();
};

TEST_F(SagasFlagTest, PrintsWhatIsUnderWaySinceWhenAndInWhoseHands) {
  Leave("company", "a-company", "2");
  Leave("user", "a-user", "1");
  EXPECT_THAT(Printed("company"),
              AllOf(ContainsRegex("^KIND +ID +COMPANY +STATE +SINCE +AGE +ATTEMPTS +LEASE"),
                    ContainsRegex("\ndestruction +a-company +nowhere +contested +20[0-9TZ:-]+ +"
                                  "1h1[0-9]m[0-9s]* +3 +host-9:17 for 1h59m[0-9s]* +"
                                  "some.rpc request-7\n")));
  EXPECT_THAT(Printed("user"), ContainsRegex("\ncreation +a-user +nowhere +contested "));
  EXPECT_THAT(Printed("user"), Not(HasSubstr("a key of the client")));
}

TEST_F(SagasFlagTest, PrintsNothingButTheHeadingsWhereNothingIs) {
  EXPECT_THAT(Printed("company"), Not(HasSubstr("nowhere")));
  EXPECT_THAT(Printed("company"), HasSubstr("KIND"));
}

}  // namespace sagas_flag_test
}  // namespace usher
