#include "common/rpc/page_limit.h"

#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace usher {
namespace page_limit_test {

TEST(PageLimit, NothingIsAHundredAndAThousandIsTheMost) {
  EXPECT_THAT(PageLimitFromWire(0), IsOkAndHolds(100u));
  EXPECT_THAT(PageLimitFromWire(1), IsOkAndHolds(1u));
  EXPECT_THAT(PageLimitFromWire(1000), IsOkAndHolds(1000u));
  EXPECT_THAT(PageLimitFromWire(1001), HasReplyCode(::common::RANGE_ERROR));
  EXPECT_THAT(PageLimitFromWire(4294967295u), HasReplyCode(::common::RANGE_ERROR));
}

}  // namespace page_limit_test
}  // namespace usher
