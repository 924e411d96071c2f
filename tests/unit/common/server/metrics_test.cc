#include "common/server/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>

#include <sstream>

#include "tests/support/status_matchers.h"

namespace usher::server {
namespace metrics_test {

using ::testing::HasSubstr;

std::string Shown(const Readings& readings) {
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, readings.Collect());
  return text.str();
}

TEST(Readings, AreReadWhenSomebodyAsks) {
  double value = 1;
  const Readings readings({{"usher_things", "Things.", "", false, [&value] { return value; }}});
  EXPECT_THAT(Shown(readings), HasSubstr("usher_things 1\n"));
  value = 7;
  EXPECT_THAT(Shown(readings), HasSubstr("usher_things 7\n"));
}

TEST(Readings, OfOneNameAreOneFamilyWithLabels) {
  const Readings readings({{"usher_waiting", "Calls that wait.", "store", false, [] { return 1; }},
                           {"usher_waiting", "", "slow", false, [] { return 2; }},
                           {"usher_hits_total", "Hits.", "", true, [] { return 3; }}});
  EXPECT_EQ(Shown(readings),
            "# HELP usher_waiting Calls that wait.\n"
            "# TYPE usher_waiting gauge\n"
            "usher_waiting{name=\"store\"} 1\n"
            "usher_waiting{name=\"slow\"} 2\n"
            "# HELP usher_hits_total Hits.\n"
            "# TYPE usher_hits_total counter\n"
            "usher_hits_total 3\n");
}

TEST(OpenExposer, SaysWhichAddressItCannotHave) {
  const auto first = OpenExposer("127.0.0.1:0");
  ASSERT_OK(first);
  const auto exposer = OpenExposer("no such address");
  EXPECT_THAT(exposer, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(std::string(exposer.status().message()), HasSubstr("no such address"));
}

}  // namespace metrics_test
}  // namespace usher::server
