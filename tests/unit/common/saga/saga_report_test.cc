// What an operator reads who asks what is under way.
#include "common/saga/saga_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace usher::saga {
namespace saga_report_test {

using ::testing::HasSubstr;
using ::testing::Not;

const Names kNames{{{1, "founding"}, {2, "destruction"}}, {{0, "begun"}, {3, "resting"}}};

UnderWay AFounding() {
  UnderWay saga;
  saga.subject = {CompanyId("operator"), "a-company"};
  saga.kind = 1;
  saga.attempts = 2;
  saga.rpc = "company.create";
  saga.request_id = "request-7";
  saga.holder = "host-1:4711";
  saga.since = absl::FromUnixSeconds(1'764'115'200);
  saga.age = absl::Milliseconds(95'700);
  saga.lease = absl::Milliseconds(4'900);
  return saga;
}

TEST(SagaReport, HasALineForEachInColumns) {
  UnderWay other = AFounding();
  other.subject = {CompanyId("acme"), "b"};
  other.kind = 2;
  other.state = 3;
  EXPECT_EQ(TableOf({AFounding(), other}, kNames),
            "KIND         ID         COMPANY   STATE    SINCE                 AGE    ATTEMPTS  "
            "LEASE               REQUEST\n"
            "founding     a-company  operator  begun    2025-11-26T00:00:00Z  1m35s  2         "
            "host-1:4711 for 4s  company.create request-7\n"
            "destruction  b          acme      resting  2025-11-26T00:00:00Z  1m35s  2         "
            "host-1:4711 for 4s  company.create request-7\n");
}

TEST(SagaReport, SaysWhenNobodyHasItInHand) {
  UnderWay saga = AFounding();
  saga.lease = -absl::Seconds(1);
  EXPECT_THAT(TableOf({saga}, kNames), HasSubstr("  free  "));
  EXPECT_THAT(TableOf({saga}, kNames), Not(HasSubstr("host-1")));
  saga.lease = absl::Seconds(1);
  saga.holder.clear();  // of a server of the release before
  EXPECT_THAT(TableOf({saga}, kNames), HasSubstr("somebody for 1s"));
}

TEST(SagaReport, ShowsNumbersThatItHasNoNameFor) {
  UnderWay saga = AFounding();
  saga.kind = 9;
  saga.state = 8;
  EXPECT_THAT(TableOf({saga}, kNames), HasSubstr("\n9     a-company  operator  8  "));
}

TEST(SagaReport, IsALineOfHeadingsWhereNothingIsUnderWay) {
  EXPECT_EQ(TableOf({}, kNames),
            "KIND  ID  COMPANY  STATE  SINCE  AGE  ATTEMPTS  LEASE  REQUEST\n");
}

}  // namespace saga_report_test
}  // namespace usher::saga
