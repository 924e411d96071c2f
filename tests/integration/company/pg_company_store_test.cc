#include "services/company/pg_company_store.h"

#include "services/company/migrations.h"
#include "tests/support/contracts/company_store_contract.h"
#include "tests/support/scratch_database.h"

namespace usher::company {
namespace pg_company_store_test {

class OnPostgres : public ::testing::Test {
 protected:
  CompanyStore& store() { return store_; }

  ScratchDatabase database_{Migrations()};
  PgCompanyStore store_{database_.pool()};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, CompanyStoreContract, ::testing::Types<OnPostgres>);

using PgCompanyStoreTest = OnPostgres;

absl::StatusOr<Company> Same(const Company& company) { return company; }

TEST_F(PgCompanyStoreTest, OnlyActiveCompaniesAreSeenButEveryIdIsTaken) {
  database_.Run("INSERT INTO companies (company_id, display_name, state) VALUES ('soon', 'S', 1)");
  EXPECT_TRUE(store_.List(ACall(), {.only = {{CompanyId("soon")}}})->empty());
  EXPECT_TRUE(store_.List(ACall(), {})->empty());
  EXPECT_THAT(store_.Update(ACall(), CompanyId("soon"), Same), IsOkAndHolds(false));
  EXPECT_THAT(store_.NameOwner(ACall(), CompanyId("soon"), UserId(NewUuid())), IsOkAndHolds(false));
  EXPECT_TRUE(*store_.IsTaken(ACall(), CompanyId("soon")));
}

TEST_F(PgCompanyStoreTest, EveryChangeLeavesAnAuditRow) {
  ASSERT_TRUE(*store_.InsertActive(ACall(), NamedCompany("acme")));
  ASSERT_THAT(store_.Update(ACall(), CompanyId("acme"), Same), IsOkAndHolds(true));
  EXPECT_EQ(database_.Ask("SELECT string_agg(detail, ',' ORDER BY at) FROM audit "
                          "WHERE company_id = 'acme' AND object = 'company acme'"),
            "created,updated");
}

TEST_F(PgCompanyStoreTest, ANamedOwnerLeavesAnAuditRow) {
  Company company = NamedCompany("acme");
  company.owner = UserId();
  ASSERT_TRUE(*store_.InsertActive(ACall(), company));
  const UserId owner(NewUuid());
  for (int i = 0; i < 2; ++i) EXPECT_OK(store_.NameOwner(ACall(), CompanyId("acme"), owner));
  EXPECT_EQ(database_.Ask("SELECT string_agg(detail, ',' ORDER BY at) FROM audit "
                          "WHERE company_id = 'acme' AND object = 'company acme'"),
            "created,owner: user " + owner.value());
}

}  // namespace pg_company_store_test
}  // namespace usher::company
