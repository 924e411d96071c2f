#include "common/base/seldom.h"

#include <gtest/gtest.h>

namespace usher {
namespace seldom_test {

TEST(Seldom, IsSaidAtOnceAndThenOnceInSoLong) {
  const absl::Time now = absl::FromUnixSeconds(1893456000);
  Seldom seldom(absl::Seconds(60));
  EXPECT_TRUE(seldom.IsDue(now));
  EXPECT_FALSE(seldom.IsDue(now + absl::Seconds(59)));
  EXPECT_TRUE(seldom.IsDue(now + absl::Seconds(60)));
}

TEST(Seldom, IsSaidOnceInTenSecondsUnlessToldOtherwise) {
  const absl::Time now = absl::FromUnixSeconds(1893456000);
  Seldom seldom;
  EXPECT_TRUE(seldom.IsDue(now));
  EXPECT_FALSE(seldom.IsDue(now));
  EXPECT_FALSE(seldom.IsDue(now + absl::Seconds(9)));
  EXPECT_TRUE(seldom.IsDue(now + absl::Seconds(10)));
  EXPECT_FALSE(seldom.IsDue(now + absl::Seconds(11)));
}

}  // namespace seldom_test
}  // namespace usher
