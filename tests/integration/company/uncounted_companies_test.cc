// How many companies PostgreSQL goes through for a page of them where it has not counted them
// (common/db/statement.h).
#include <gtest/gtest.h>

#include <pqxx/pqxx>

#include "services/company/company_sql.h"
#include "services/company/migrations.h"
#include "tests/support/plan_rows.h"
#include "tests/support/scratch_database.h"

namespace usher::company {
namespace uncounted_companies_test {

TEST(UncountedCompaniesTest, APageEndsInATableThatWasNeverAnalyzed) {
  ScratchDatabase database(Migrations());
  pqxx::connection connection(database.url());
  pqxx::nontransaction(connection)
      .exec(
          "INSERT INTO companies (company_id, display_name, state) "
          "SELECT 'company-' || n, 'Company ' || n, 1 + n % 3 FROM generate_series(1, 5000) AS n");
  EXPECT_LE(MostRows(connection, sql::kListCompanies, "'', 100, false, false, NULL, 4000000"), 300);
}

}  // namespace uncounted_companies_test
}  // namespace usher::company
