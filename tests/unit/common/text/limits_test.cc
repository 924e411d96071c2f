#include "common/text/limits.h"

#include <gtest/gtest.h>

#include <string>

#include "common/text/text_rules.h"
#include "tests/support/status_matchers.h"

namespace usher::text {
namespace limits_test {

// Leaves the limits as they were for the tests that share the process.
class LimitsTest : public ::testing::Test {
 protected:
  ~LimitsTest() override { SetLimits(before_); }
  static auto IsTooLong() { return HasReplyCode(::common::MAX_SIZE_EXCEEDED); }

  const Limits before_ = TheLimits();
  Limits limits_ = before_;
};

TEST_F(LimitsTest, TheDefaultsAreThoseOfTheContract) {
  EXPECT_OK(Name("name", std::string(255, 'a')));
  EXPECT_THAT(Name("name", std::string(256, 'a')), IsTooLong());
  EXPECT_OK(CheckSecret("code", std::string(1024, 'a')));
  EXPECT_THAT(CheckSecret("code", std::string(1025, 'a')), IsTooLong());
  EXPECT_OK(CheckCount("userIdList", 1000));
  EXPECT_THAT(CheckCount("userIdList", 1001), IsTooLong());
  EXPECT_EQ(TheLimits().shortest_password, 8u);
}

TEST_F(LimitsTest, ConfiguredLimitsTakeThePlaceOfTheDefaults) {
  limits_.longest_name = 3;
  limits_.longest_secret = 4;
  limits_.most_ids = 2;
  SetLimits(limits_);
  EXPECT_OK(Name("name", "äöü"));
  EXPECT_THAT(Name("name", "äöüß"), IsTooLong());
  EXPECT_THAT(CheckSecret("code", "12345"), IsTooLong());
  EXPECT_THAT(CheckCount("userIdList", 3), IsTooLong());
}

TEST_F(LimitsTest, MetadataKeepToTheConfiguredLimits) {
  limits_.most_metadata = 1;
  limits_.longest_metadata_key = 2;
  limits_.longest_metadata_value = 3;
  limits_.largest_metadata = 4;
  SetLimits(limits_);
  const auto checked = [](const WireMetadata& wire) { return MetadataFromWire("metadata", wire); };
  const auto one = [](const std::string& key, const std::string& value) {
    WireMetadata wire;
    wire[key] = value;
    return wire;
  };
  EXPECT_OK(checked(one("k", "vvv")));
  EXPECT_THAT(checked(one("kkk", "v")), IsTooLong());
  EXPECT_THAT(checked(one("k", "vvvv")), IsTooLong());
  EXPECT_THAT(checked(one("kk", "vvv")), IsTooLong());
  WireMetadata two = one("a", "");
  two["b"] = "";
  EXPECT_THAT(checked(two), IsTooLong());
}

}  // namespace limits_test
}  // namespace usher::text
