#include "services/company/company_saga_sql.h"
#include "services/company/company_sql.h"
#include "services/company/migrations.h"
#include "tests/support/contracts/statement_contract.h"

namespace usher::company {
namespace statements_test {

struct Statements {
  static constexpr char kFolder[] = "services/company";
  static std::vector<db::Migration> Migrations() { return company::Migrations(); }
  static std::vector<const db::Statement*> All() {
    std::vector<const db::Statement*> all(std::begin(sql::kAll), std::end(sql::kAll));
    all.insert(all.end(), std::begin(sql::kAllOfSagas), std::end(sql::kAllOfSagas));
    return all;
  }
  static std::map<std::string, std::string> OfAllCompanies() {
    return {
        {"list_companies", "pages through the companies themselves, for a platform administrator"}};
  }
};

}  // namespace statements_test
}  // namespace usher::company

namespace usher {

INSTANTIATE_TYPED_TEST_SUITE_P(Company, StatementContract,
                               ::testing::Types<company::statements_test::Statements>);

}  // namespace usher
