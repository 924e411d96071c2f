#include "services/auth/method/pg_known_company_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "services/auth/method/method_errors.h"
#include "services/auth/migrations.h"
#include "tests/support/a_caller.h"
#include "tests/support/scratch_database.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace pg_known_company_store_test {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class PgKnownCompanyStoreTest : public ::testing::Test {
 protected:
  static Method First(const UserId& user) {
    Method method;
    method.company = CompanyId("acme");
    method.key_type = KeyType::kPassword;
    method.principal = "ann";
    method.principal_key = "ann";
    method.user = user;
    method.sealed_secret = "sealed";
    return method;
  }
  static CallContext Founder() { return ACall("operator"); }
  std::string Count(const std::string& table) {
    return database_.Ask(
        absl::StrCat("SELECT count(*) FROM ", table, " WHERE company_id = 'acme'"));
  }
  void Found() { ASSERT_OK(store_.EnsureCompany(Founder(), First(ann_))); }

  const CompanyId acme_{"acme"};
  const UserId ann_{NewUuid()};
  const UserId ben_{NewUuid()};
  ScratchDatabase database_{Migrations()};
  PgKnownCompanyStore store_{database_.pool()};
};

TEST_F(PgKnownCompanyStoreTest, AFoundingMayBeRepeated) {
  Found();
  Found();
  EXPECT_EQ(Count("users"), "1");
  EXPECT_EQ(Count("methods"), "1");
  EXPECT_THAT(store_.SettleCompany(Founder(), acme_, ann_), IsOkAndHolds(true));
}

TEST_F(PgKnownCompanyStoreTest, NobodyIsAddedToACompanyThatIsThere) {
  Found();
  EXPECT_EQ(store_.EnsureCompany(Founder(), First(ben_)), CompanyExists());
  EXPECT_EQ(Count("users"), "1");
}

TEST_F(PgKnownCompanyStoreTest, WhatWasRuledOutIsRefusedHoweverLateItComesAndAnotherFoundingIsNot) {
  EXPECT_THAT(store_.SettleCompany(Founder(), acme_, ann_), IsOkAndHolds(false));
  EXPECT_EQ(store_.EnsureCompany(Founder(), First(ann_)), UserRuledOut());
  EXPECT_OK(store_.EnsureCompany(Founder(), First(ben_)));
  EXPECT_THAT(store_.SettleCompany(Founder(), acme_, ann_), IsOkAndHolds(false));
  EXPECT_THAT(store_.SettleCompany(Founder(), acme_, ben_), IsOkAndHolds(true));
}

TEST_F(PgKnownCompanyStoreTest, ADestructionEndsTheTokensThatAreIssuedWhileTheNameRests) {
  Found();
  EXPECT_THAT(store_.IsDestroyed(Founder(), acme_), IsOkAndHolds(false));
  const absl::Time before = absl::Now();
  const auto ended = store_.DestroyCompany(Founder(), acme_, absl::Hours(2));
  ASSERT_OK(ended);
  ASSERT_THAT(*ended, SizeIs(1));
  EXPECT_EQ((*ended)[0].kind, token::RevocationKind::kCompany);
  EXPECT_EQ((*ended)[0].company, acme_);
  EXPECT_GT((*ended)[0].issued_until, before + absl::Hours(1));
  EXPECT_THAT(store_.IsDestroyed(Founder(), acme_), IsOkAndHolds(true));
  EXPECT_THAT(store_.DestroyCompany(Founder(), acme_, absl::Hours(2)), IsOkAndHolds(IsEmpty()))
      << "may be repeated";
}

TEST_F(PgKnownCompanyStoreTest, WhatIsNotKnownCannotBeDestroyedAndIsGone) {
  EXPECT_THAT(store_.DestroyCompany(Founder(), acme_, absl::Hours(1)),
              HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(store_.IsDestroyed(Founder(), acme_), IsOkAndHolds(true));
}

TEST_F(PgKnownCompanyStoreTest, OnlyWhatWasDestroyedIsCleared) {
  Found();
  EXPECT_TRUE(absl::IsInternal(store_.ClearCompany(Founder(), acme_).status()));
  EXPECT_EQ(Count("methods"), "1");
}

TEST_F(PgKnownCompanyStoreTest, AClearedCompanyHasNothingLeftAndItsNameIsFree) {
  Found();
  database_.Run(
      "INSERT INTO users (company_id, user_id) SELECT 'acme', gen_random_uuid() "
      "FROM generate_series(1, 12000)");
  ASSERT_OK(store_.DestroyCompany(Founder(), acme_, absl::Hours(1)));
  while (true) {
    const auto done = store_.ClearCompany(Founder(), acme_);
    ASSERT_OK(done);
    if (*done) break;
  }
  for (const char* table : {"companies", "users", "methods", "sessions", "audit"}) {
    EXPECT_EQ(Count(table), "0") << table;
  }
  EXPECT_EQ(Count("revocations"), "1") << "its tokens stay dead";
  EXPECT_OK(store_.EnsureCompany(Founder(), First(ben_)));
}

TEST_F(PgKnownCompanyStoreTest, WhatWasRuledOutLongAgoIsForgotten) {
  ASSERT_OK(store_.SettleCompany(Founder(), acme_, ann_));
  EXPECT_OK(store_.ForgetGivenUp(Founder(), absl::Now() - absl::Hours(1)));
  EXPECT_EQ(store_.EnsureCompany(Founder(), First(ann_)), UserRuledOut());
  EXPECT_OK(store_.ForgetGivenUp(Founder(), absl::Now() + absl::Hours(1)));
  EXPECT_EQ(Count("given_up_foundings"), "0");
}

}  // namespace pg_known_company_store_test
}  // namespace usher::auth
