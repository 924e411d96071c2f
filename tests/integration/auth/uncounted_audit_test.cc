// How many rows of the audit PostgreSQL goes through for a page of it, whether it has counted them
// or not (common/db/statement.h).
#include <gtest/gtest.h>

#include <pqxx/pqxx>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/auth/audit/audit_sql.h"
#include "services/auth/migrations.h"
#include "tests/support/plan_rows.h"
#include "tests/support/scratch_database.h"

namespace usher::auth {
namespace uncounted_audit_test {

// From, place behind which the page begins, actor, subject, kinds, outcomes, limit.
constexpr char kFirstPage[] = "'2020-01-01', 'infinity', 0, NULL, '', '{}', '{}', 101";
constexpr char kLaterPage[] = "'2020-01-01', '2026-02-04', 7, NULL, '', '{}', '{}', 101";

class UncountedAuditTest : public ::testing::Test {
 protected:
  UncountedAuditTest() : connection_(database_.url()) {}

  void Do(const std::string& sql) { pqxx::nontransaction(connection_).exec(sql); }
  // A row a minute, of these companies in turn.
  void Write(int rows, int companies, const std::string& name, const std::string& since) {
    Do(absl::StrCat(
        "INSERT INTO audit (company_id, at, user_id, rpc, object, detail, request_id, peer) SELECT "
        "'",
        name, "' || n % ", companies, ", '", since, "'::timestamptz + n * interval '1 minute', ",
        "gen_random_uuid(), 'auth.test', 'user 1', 'x', 'r', 'p' FROM generate_series(1, ", rows,
        ") AS n"));
  }
  // The page, and one more to see where the time of its last row ends.
  void ExpectThatPagesEnd() {
    for (const char* page : {kFirstPage, kLaterPage}) {
      const std::string of_company = absl::StrCat("'grown0', ", page);
      EXPECT_LE(MostRows(connection_, sql::kListAuditOfCompany, of_company), 110) << page;
      EXPECT_LE(MostRows(connection_, sql::kListAuditOfAll, page), 110) << page;
    }
  }

  ScratchDatabase database_{Migrations()};
  pqxx::connection connection_;
};

TEST_F(UncountedAuditTest, APageEndsInATableThatWasNeverAnalyzed) {
  Write(5000, 100, "company-", "2026-01-01");
  Write(10000, 1, "grown", "2026-02-01");
  ExpectThatPagesEnd();
}

TEST_F(UncountedAuditTest, APageEndsInACompanyThatHasGrownSince) {
  Write(5000, 100, "company-", "2026-01-01");
  Do("ANALYZE");
  Write(10000, 1, "grown", "2026-02-01");
  ExpectThatPagesEnd();
}

// Without knowing what is asked for, it would expect no row at all, and sort them all.
TEST_F(UncountedAuditTest, APageEndsWhereTheRowsAreCountedAsWell) {
  Write(5000, 100, "company-", "2026-01-01");
  Write(10000, 1, "grown", "2026-02-01");
  Do("ANALYZE");
  ExpectThatPagesEnd();
}

}  // namespace uncounted_audit_test
}  // namespace usher::auth
