#include "services/room/join_link_bases.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/a_caller.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_company_pages.h"

namespace usher::room {
namespace join_link_bases_test {

const CompanyId kAcme("acme");
constexpr char kOwn[] = "https://meet.acme.example";
constexpr char kPlatform[] = "https://meet.example";

class JoinLinkBasesTest : public ::testing::Test {
 protected:
  std::string Base(const CompanyId& company = kAcme) {
    return bases_.BaseOf(ACall(company.value()), company);
  }

  FakeCompanyPages pages_;
  FakeClock clock_;
  JoinLinkBases bases_{&pages_, {.platform = kPlatform, .most_companies = 3}, clock_};
};

TEST_F(JoinLinkBasesTest, ACompanyThatSaysNothingHasThePlatforms) {
  EXPECT_EQ(Base(), kPlatform);
  pages_.bases[kAcme] = kOwn;
  EXPECT_EQ(Base(CompanyId("globex")), kPlatform);
}

TEST_F(JoinLinkBasesTest, WhatACompanySaysHoldsForAMinute) {
  pages_.bases[kAcme] = kOwn;
  EXPECT_EQ(Base(), kOwn);
  pages_.bases[kAcme] = "https://other.example";
  clock_.Advance(absl::Seconds(59));
  EXPECT_EQ(Base(), kOwn);
  EXPECT_EQ(pages_.asked.size(), 1u);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Base(), "https://other.example");
  EXPECT_EQ(pages_.asked.size(), 2u);
}

TEST_F(JoinLinkBasesTest, WhatWasSaidLastHoldsWhileNobodyCanBeAsked) {
  pages_.bases[kAcme] = kOwn;
  EXPECT_EQ(Base(), kOwn);
  pages_.failure = Unreachable("the company service");
  clock_.Advance(absl::Hours(100));
  EXPECT_EQ(Base(), kOwn);
  EXPECT_EQ(Base(CompanyId("globex")), kPlatform);
}

TEST_F(JoinLinkBasesTest, WhoCannotBeAskedIsLeftAloneForAWhile) {
  pages_.failure = Unreachable("the company service");
  EXPECT_EQ(Base(), kPlatform);
  EXPECT_EQ(Base(), kPlatform);
  EXPECT_EQ(pages_.asked.size(), 1u);
  pages_.failure = absl::OkStatus();
  pages_.bases[kAcme] = kOwn;
  clock_.Advance(absl::Seconds(5));
  EXPECT_EQ(Base(), kOwn);
}

TEST_F(JoinLinkBasesTest, ACallWaitsASecondForItAtMost) {
  Base();
  ASSERT_EQ(pages_.asked.size(), 1u);
  EXPECT_LE(pages_.asked[0].deadline, absl::Now() + absl::Seconds(1));
  CallContext hasty = ACall("globex");
  hasty.deadline = absl::Now() + absl::Milliseconds(10);
  bases_.BaseOf(hasty, CompanyId("globex"));
  EXPECT_EQ(pages_.asked[1].deadline, hasty.deadline);
}

TEST_F(JoinLinkBasesTest, NoMoreCompaniesAreRememberedThanMayBe) {
  for (int i = 0; i < 10; ++i) Base(CompanyId(absl::StrCat("company-", i)));
  EXPECT_EQ(pages_.asked.size(), 10u);
  Base(CompanyId("company-9"));
  EXPECT_EQ(pages_.asked.size(), 10u);
  for (int i = 0; i < 10; ++i) Base(CompanyId(absl::StrCat("company-", i)));
  EXPECT_GE(pages_.asked.size(), 17u);
}

TEST_F(JoinLinkBasesTest, WithoutACompanyServiceAllHaveThePlatforms) {
  JoinLinkBases alone(nullptr, {.platform = kPlatform}, clock_);
  EXPECT_EQ(alone.BaseOf(ACall(), kAcme), kPlatform);
}

}  // namespace join_link_bases_test
}  // namespace usher::room
