#include "services/company/company_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include "tests/support/status_matchers.h"

ABSL_DECLARE_FLAG(int, available_a_minute);
ABSL_DECLARE_FLAG(std::string, reserved_companies);

namespace usher::company {
namespace company_options_test {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TEST(CompanyOptions, ReservedIdsAreConfiguration) {
  const absl::FlagSaver saver;
  ASSERT_OK(ReadCompanyOptions());
  EXPECT_THAT(ReadCompanyOptions()->reserved, Contains("admin"));
  absl::SetFlag(&FLAGS_reserved_companies, "acme,beta,");
  EXPECT_THAT(ReadCompanyOptions()->reserved, UnorderedElementsAre("acme", "beta"));
  absl::SetFlag(&FLAGS_reserved_companies, "");
  EXPECT_THAT(ReadCompanyOptions()->reserved, IsEmpty());
}

// "Admin" reserved nothing, as no ID has a capital letter.
TEST(CompanyOptions, WhatIsReservedMayBeADisplayName) {
  const absl::FlagSaver saver;
  absl::SetFlag(&FLAGS_reserved_companies, "Admin, Stra\u00dfe & Co ");
  EXPECT_THAT(ReadCompanyOptions()->reserved, UnorderedElementsAre("admin", "strasse-co"));
}

TEST(CompanyOptions, HowOftenOneMayAskForNamesIsConfiguration) {
  const absl::FlagSaver saver;
  EXPECT_EQ(ReadCompanyOptions()->available_a_minute, 100);
  absl::SetFlag(&FLAGS_available_a_minute, -1);
  EXPECT_THAT(ReadCompanyOptions(), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace company_options_test
}  // namespace usher::company
