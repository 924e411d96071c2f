#include "services/company/pg_company_saga_store.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/company/migrations.h"
#include "services/company/pg_company_store.h"
#include "tests/support/contracts/company_saga_store_contract.h"
#include "tests/support/scratch_database.h"

namespace usher::company {
namespace pg_company_saga_store_test {

class OnPostgres : public ::testing::Test {
 protected:
  CompanySagaStore& sagas() { return sagas_; }
  bool IsSeen(const CompanyId& company) {
    return !companies_.List(ACall("operator"), {.only = {{company}}})->empty();
  }
  size_t CountCompanies() {
    size_t count = 0;
    EXPECT_TRUE(absl::SimpleAtoi(database_.Ask("SELECT count(*) FROM companies"), &count));
    return count;
  }

  ScratchDatabase database_{Migrations()};
  PgCompanySagaStore sagas_{database_.pool()};
  PgCompanyStore companies_{database_.pool()};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, CompanySagaStoreContract, ::testing::Types<OnPostgres>);

}  // namespace pg_company_saga_store_test
}  // namespace usher::company
