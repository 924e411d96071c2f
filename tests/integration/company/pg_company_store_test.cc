#include "services/company/pg_company_store.h"

#include "services/company/migrations.h"
#include "tests/support/contracts/company_store_contract.h"
#include "tests/support/scratch_database.h"

namespace usher::company {
namespace {

class OnPostgres : public ::testing::Test {
 protected:
  CompanyStore& store() { return store_; }

  ScratchDatabase database_{Migrations()};
  PgCompanyStore store_{database_.pool()};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, CompanyStoreContract, ::testing::Types<OnPostgres>);

using PgCompanyStoreTest = OnPostgres;

TEST_F(PgCompanyStoreTest, OnlyActiveCompaniesAreSeenButEveryIdIsTaken) {
  database_.Run("INSERT INTO companies (company_id, display_name, state) VALUES ('soon', 'S', 1)");
  EXPECT_TRUE(store_.List(ACall(), {.only = {{CompanyId("soon")}}})->empty());
  EXPECT_TRUE(store_.List(ACall(), {})->empty());
  EXPECT_FALSE(store_.Find(ACall(), CompanyId("soon"))->has_value());
  EXPECT_FALSE(store_.Update(ACall(), CompanyId("soon"), {})->has_value());
  EXPECT_TRUE(*store_.IsTaken(ACall(), CompanyId("soon")));
}

TEST_F(PgCompanyStoreTest, EveryChangeLeavesAnAuditRow) {
  ASSERT_TRUE(*store_.InsertActive(ACall(), NamedCompany("acme")));
  CompanyChange change;
  change.display_name = "Acme";
  ASSERT_TRUE(store_.Update(ACall(), CompanyId("acme"), change)->has_value());
  EXPECT_EQ(database_.Ask("SELECT string_agg(detail, ',' ORDER BY at) FROM audit "
                          "WHERE company_id = 'acme' AND object = 'company acme'"),
            "created,updated");
}

}  // namespace
}  // namespace usher::company
