#include "services/auth/audit/pg_audit_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/auth/migrations.h"
#include "tests/support/a_caller.h"
#include "tests/support/scratch_database.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace pg_audit_store_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PgAuditStoreTest : public ::testing::Test {
 protected:
  static constexpr char kAnn[] = "01900000-0000-7000-8000-0000000000a1";

  // As those who change something write it; each a second after the one before.
  void Write(const std::string& company, const std::string& object, const std::string& detail) {
    database_.Run(absl::StrCat(
        "INSERT INTO audit (company_id, at, user_id, rpc, object, detail, request_id, peer) "
        "VALUES ('",
        company, "', timestamptz '2026-01-01 00:00:00Z' + interval '", ++written_, " seconds', '",
        kAnn, "', 'auth.test', '", object, "', '", detail, "', 'r1', '192.0.2.1')"));
  }
  static RefusalRow Refused(const std::string& object, int64_t times = 1) {
    RefusalRow row;
    row.refusal = {.company = CompanyId("acme"),
                   .object = object,
                   .detail = "sign-in by password refused",
                   .outcome = 1002};
    row.rpc = "auth.authenticate";
    row.request_id = "r\\2 \"x\" {}";
    row.peer = "192.0.2.2";
    row.times = times;
    return row;
  }
  std::vector<std::string> Objects(const AuditFilter& filter) {
    const auto entries = store_.List(ACall(), filter);
    EXPECT_OK(entries);
    std::vector<std::string> objects;
    if (entries.ok()) {
      for (const AuditEntry& entry : *entries) objects.push_back(entry.object);
    }
    return objects;
  }
  static AuditFilter InAcme() {
    AuditFilter filter;
    filter.company = CompanyId("acme");
    return filter;
  }

  ScratchDatabase database_{Migrations()};
  PgAuditStore store_{database_.pool()};
  int written_ = 0;
};

TEST_F(PgAuditStoreTest, RefusalsAreWrittenTogetherAndReadBack) {
  ASSERT_OK(store_.Insert(ACall(), {Refused("user 1"), Refused("name 2", 37)}));
  const auto entries = store_.List(ACall(), InAcme());
  ASSERT_OK(entries);
  ASSERT_EQ(entries->size(), 2u);
  const AuditEntry& newest = (*entries)[0];
  EXPECT_EQ(newest.object, "name 2");
  EXPECT_EQ(newest.detail, "sign-in by password refused, 37 times");
  EXPECT_EQ(newest.outcome, 1002);
  EXPECT_EQ(newest.kind, AuditKind::kSignIn);
  EXPECT_EQ(newest.rpc, "auth.authenticate");
  EXPECT_EQ(newest.request_id, "r\\2 \"x\" {}");
  EXPECT_EQ(newest.peer, "192.0.2.2");
  EXPECT_TRUE(newest.actor.empty());
  EXPECT_EQ((*entries)[1].detail, "sign-in by password refused");
  EXPECT_OK(store_.Insert(ACall(), {}));
}

TEST_F(PgAuditStoreTest, EveryFilterHolds) {
  Write("acme", "session s1", "opened by password");
  Write("acme", "user u1", "removed");
  Write("globex", "user u1", "removed");
  ASSERT_OK(store_.Insert(ACall(), {Refused("user u2")}));
  EXPECT_THAT(Objects(InAcme()), ElementsAre("user u2", "user u1", "session s1"));

  AuditFilter filter = InAcme();
  filter.subject = "u1";
  EXPECT_THAT(Objects(filter), ElementsAre("user u1"));
  filter = InAcme();
  filter.actor = UserId(kAnn);
  EXPECT_THAT(Objects(filter), ElementsAre("user u1", "session s1"));
  filter = InAcme();
  filter.kinds = {static_cast<int>(AuditKind::kSignIn)};
  EXPECT_THAT(Objects(filter), ElementsAre("user u2", "session s1"));
  filter.outcomes = {0};
  EXPECT_THAT(Objects(filter), ElementsAre("session s1"));
  filter = InAcme();
  filter.from = absl::FromUnixSeconds(1767225602);  // 2026-01-01 00:00:02
  filter.until = absl::FromUnixSeconds(1767225603);
  EXPECT_THAT(Objects(filter), ElementsAre("user u1"));
  filter = InAcme();
  filter.company = CompanyId();
  filter.until = absl::FromUnixSeconds(1767226000);
  EXPECT_THAT(Objects(filter), ElementsAre("user u1", "user u1", "session s1"));
  // What somebody types into a filter is no pattern.
  filter = InAcme();
  filter.subject = "%";
  EXPECT_THAT(Objects(filter), IsEmpty());
}

TEST_F(PgAuditStoreTest, APageBeginsBehindTheOneBeforeAlsoAmongRowsOfOneTime) {
  database_.Run(
      "INSERT INTO audit (company_id, at, rpc, object, request_id, peer) SELECT 'acme', "
      "'2026-01-01', 'auth.test', 'user ' || i, 'r', 'p' FROM generate_series(1, 7) i");
  for (const bool of_all : {false, true}) {
    AuditFilter filter = InAcme();
    if (of_all) filter.company = CompanyId();
    filter.limit = 3;
    std::vector<std::string> seen;
    for (int page = 0; page < 4; ++page) {
      const auto entries = store_.List(ACall(), filter);
      ASSERT_OK(entries);
      for (const AuditEntry& entry : *entries) seen.push_back(entry.object);
      if (!entries->empty()) filter.behind = entries->back().place;
    }
    EXPECT_THAT(seen,
                ElementsAre("user 7", "user 6", "user 5", "user 4", "user 3", "user 2", "user 1"));
  }
}

TEST_F(PgAuditStoreTest, WhatRowsAreAboutIsTold) {
  const auto kind = [this](const std::string& object, const std::string& detail) {
    return static_cast<AuditKind>(
        std::stoi(database_.Ask("SELECT audit_kind('" + object + "', '" + detail + "')")));
  };
  EXPECT_EQ(kind("session 1", "opened by password"), AuditKind::kSignIn);
  EXPECT_EQ(kind("user 1", "sign-in by code refused"), AuditKind::kSignIn);
  EXPECT_EQ(kind("session 1", "continued"), AuditKind::kRefresh);
  EXPECT_EQ(kind("name 1", "refresh refused, 3 times"), AuditKind::kRefresh);
  EXPECT_EQ(kind("session 1", "ended: a refresh token was used again"), AuditKind::kSessionEnd);
  EXPECT_EQ(kind("user 1", "session ended"), AuditKind::kSessionEnd);
  EXPECT_EQ(kind("password method", "3 oldest sessions ended"), AuditKind::kSessionEnd);
  EXPECT_EQ(kind("password method of user 1", "created"), AuditKind::kMethod);
  EXPECT_EQ(kind("user 1", "the present secret refused"), AuditKind::kMethod);
  EXPECT_EQ(kind("company acme", "created"), AuditKind::kCompany);
  EXPECT_EQ(kind("mail 1", "to be sent again"), AuditKind::kMail);
  EXPECT_EQ(kind("password reset mail 1", "sent"), AuditKind::kMail);
  EXPECT_EQ(kind("invitation mail 1", "given up"), AuditKind::kMail);
  EXPECT_EQ(kind("password reset of user 1", "requested"), AuditKind::kReset);
  EXPECT_EQ(kind("password reset", "requested of nobody"), AuditKind::kReset);
  EXPECT_EQ(kind("user 1", "password reset used; password method: secret"), AuditKind::kReset);
  EXPECT_EQ(kind("user 1", "password reset refused, 2 times"), AuditKind::kReset);
  EXPECT_EQ(kind("activation_token method of user 1", "created"), AuditKind::kInvitation);
  EXPECT_EQ(kind("password method of user 1", "created by an invitation"), AuditKind::kInvitation);
  EXPECT_EQ(kind("password method of user 1", "joined by an invitation, from company a"),
            AuditKind::kInvitation);
  EXPECT_EQ(kind("key 1", "signs"), AuditKind::kKey);
}

}  // namespace pg_audit_store_test
}  // namespace usher::auth
