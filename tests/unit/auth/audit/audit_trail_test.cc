#include "services/auth/audit/audit_trail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "services/auth/audit/audit_wire.h"
#include "tests/support/a_caller.h"
#include "tests/support/fake_audit_store.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace audit_trail_test {

namespace wire = ::usher::audit::v1;

class AuditTrailTest : public ::testing::Test {
 protected:
  static ACaller Administrator() { return ACaller().With(Permission::kGrantPermissions); }
  static ACaller Platform() {
    return ACaller().In("operator").InOperatorCompany().With(Permission::kCompanyAdmin);
  }
  static AuditWish Of(const std::string& company) {
    AuditWish wish;
    wish.company = CompanyId(company);
    return wish;
  }
  static AuditWish OfAll() {
    AuditWish wish;
    wish.all_companies = true;
    return wish;
  }
  void Add(int count) {
    for (int i = 0; i < count; ++i) {
      AuditEntry entry;
      entry.company = CompanyId("acme");
      entry.place = {absl::FromUnixSeconds(1000 - i), 1000 - i};
      entry.object = absl::StrCat("user ", i);
      store_.entries.push_back(entry);
    }
  }
  // What was looked through.
  std::string Asked(const Caller& caller, const AuditWish& wish) {
    const auto page = trail_.List(caller, wish);
    return page.ok() ? absl::StrCat("'", store_.asked.back().company.value(), "'")
                     : ReplyCodeName(page.status());
  }

  FakeAuditStore store_;
  AuditTrail trail_{store_};
};

TEST_F(AuditTrailTest, ACompanyAdministratorReadsTheOwnCompanyAndNoOther) {
  EXPECT_EQ(Asked(Administrator(), AuditWish()), "'acme'");
  EXPECT_EQ(Asked(Administrator(), Of("acme")), "'acme'");
  EXPECT_EQ(Asked(Administrator(), Of("globex")), "NOT_FOUND");
  EXPECT_EQ(Asked(Administrator(), Of("")), "NOT_FOUND");
  EXPECT_EQ(Asked(Administrator(), OfAll()), "INSUFFICIENT_PERMISSIONS");
}

TEST_F(AuditTrailTest, WhoIsNoAdministratorReadsNothing) {
  EXPECT_EQ(Asked(ACaller(), AuditWish()), "INSUFFICIENT_PERMISSIONS");
  EXPECT_EQ(Asked(ACaller().With(Permission::kUserAdmin), AuditWish()), "INSUFFICIENT_PERMISSIONS");
  // COMPANY_ADMIN means something in the operator's company alone.
  EXPECT_EQ(Asked(ACaller().With(Permission::kCompanyAdmin), Of("globex")),
            "INSUFFICIENT_PERMISSIONS");
}

TEST_F(AuditTrailTest, APlatformAdministratorReadsAllCompanies) {
  EXPECT_EQ(Asked(Platform(), AuditWish()), "'operator'");
  EXPECT_EQ(Asked(Platform(), Of("globex")), "'globex'");
  EXPECT_EQ(Asked(Platform(), OfAll()), "''");
  AuditWish both = OfAll();
  both.company = CompanyId("globex");
  EXPECT_EQ(Asked(Platform(), both), "PROTOCOL_ERROR");
}

TEST_F(AuditTrailTest, PagesFollowEachOtherWithoutAGap) {
  Add(7);
  wire::ListRequest request;
  request.set_limit(3);
  std::string seen;
  int pages = 0;
  do {
    const auto wish = FromWire(request);
    ASSERT_OK(wish);
    const auto page = trail_.List(Administrator(), *wish);
    ASSERT_OK(page);
    wire::ListReply reply;
    ASSERT_OK(ToWire(*page, &reply));
    for (const wire::Entry& entry : reply.entries()) absl::StrAppend(&seen, entry.object(), ";");
    request.set_page(reply.next_page());
    ++pages;
  } while (!request.page().empty() && pages < 10);
  EXPECT_EQ(seen, "user 0;user 1;user 2;user 3;user 4;user 5;user 6;");
  EXPECT_EQ(pages, 3);
}

TEST_F(AuditTrailTest, AFullLastPageHasNoNext) {
  Add(3);
  AuditWish wish;
  wish.filter.limit = 3;
  EXPECT_FALSE(trail_.List(Administrator(), wish)->next.has_value());
}

TEST(AuditWire, WhatIsWrongIsRefusedByItsField) {
  const auto code = [](auto change) {
    wire::ListRequest request;
    change(request);
    return ReplyCodeName(StatusOf(FromWire(request)));
  };
  EXPECT_EQ(code([](auto& r) { r.set_limit(1001); }), "RANGE_ERROR");
  EXPECT_EQ(code([](auto& r) { r.set_from(-1); }), "RANGE_ERROR");
  EXPECT_EQ(code([](auto& r) { r.set_until(int64_t{1} << 62); }), "RANGE_ERROR");
  EXPECT_EQ(code([](auto& r) {
              r.set_from(2000);
              r.set_until(1000);
            }),
            "RANGE_ERROR");
  EXPECT_EQ(code([](auto& r) { r.set_actor("abc"); }), "USER_ID_INVALID");
  EXPECT_EQ(code([](auto& r) { r.set_subject(std::string("a\0b", 3)); }), "PROTOCOL_ERROR");
  EXPECT_EQ(code([](auto& r) { r.add_kinds(wire::KIND_UNSPECIFIED); }), "PROTOCOL_ERROR");
  EXPECT_EQ(code([](auto& r) { r.add_kinds(static_cast<wire::Kind>(12345)); }), "PROTOCOL_ERROR");
  EXPECT_EQ(code([](auto& r) { r.add_outcomes(static_cast<::common::ReplyStatusCode>(4711)); }),
            "PROTOCOL_ERROR");
  EXPECT_EQ(code([](auto& r) {
              for (int i = 0; i < 1001; ++i) r.add_kinds(wire::SIGN_IN);
            }),
            "MAX_SIZE_EXCEEDED");
  for (const char* page : {"abc", "1", "1.", ".1", "-1.1", "1.1.1", "99999999999999999999.1"}) {
    EXPECT_EQ(code([&](auto& r) { r.set_page(page); }), "PROTOCOL_ERROR") << page;
  }
}

TEST(AuditWire, TheKindsOfTheDomainAreThoseOfTheProtocol) {
  EXPECT_EQ(kLastAuditKind, wire::Kind_MAX);
  EXPECT_EQ(static_cast<int>(AuditKind::kSignIn), wire::SIGN_IN);
  EXPECT_EQ(static_cast<int>(AuditKind::kRefresh), wire::REFRESH);
  EXPECT_EQ(static_cast<int>(AuditKind::kSessionEnd), wire::SESSION_END);
  EXPECT_EQ(static_cast<int>(AuditKind::kMethod), wire::METHOD);
  EXPECT_EQ(static_cast<int>(AuditKind::kCompany), wire::COMPANY);
  EXPECT_EQ(static_cast<int>(AuditKind::kReset), wire::RESET);
  EXPECT_EQ(static_cast<int>(AuditKind::kMail), wire::MAIL);
  EXPECT_EQ(static_cast<int>(AuditKind::kKey), wire::KEY);
  EXPECT_EQ(static_cast<int>(AuditKind::kInvitation), wire::INVITATION);
}

}  // namespace audit_trail_test
}  // namespace usher::auth
