#include "services/business_logic/business_logic_sql.h"
#include "services/business_logic/migrations.h"
#include "services/business_logic/tenant_sql.h"
#include "tests/support/contracts/statement_contract.h"

namespace usher::business_logic {
namespace statements_test {

struct Statements {
  static constexpr char kFolder[] = "services/business_logic";
  static std::vector<db::Migration> Migrations() { return business_logic::Migrations(); }
  static std::vector<const db::Statement*> All() {
    std::vector<const db::Statement*> all(std::begin(sql::kAll), std::end(sql::kAll));
    all.insert(all.end(), std::begin(sql::kAllOfTenants), std::end(sql::kAllOfTenants));
    return all;
  }
  static std::map<std::string, std::string> OfAllCompanies() { return {}; }
};

}  // namespace statements_test
}  // namespace usher::business_logic

namespace usher {

INSTANTIATE_TYPED_TEST_SUITE_P(BusinessLogic, StatementContract,
                               ::testing::Types<business_logic::statements_test::Statements>);

}  // namespace usher
