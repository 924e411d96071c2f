#include "services/user/migrations.h"
#include "services/user/tenant_sql.h"
#include "services/user/user_sql.h"
#include "tests/support/contracts/statement_contract.h"

namespace usher::user {
namespace statements_test {

struct Statements {
  static constexpr char kFolder[] = "services/user";
  static std::vector<db::Migration> Migrations() { return user::Migrations(); }
  static std::vector<const db::Statement*> All() {
    std::vector<const db::Statement*> all(std::begin(sql::kAll), std::end(sql::kAll));
    all.insert(all.end(), std::begin(sql::kAllOfTenants), std::end(sql::kAllOfTenants));
    return all;
  }
  static std::map<std::string, std::string> OfAllCompanies() { return {}; }
};

}  // namespace statements_test
}  // namespace usher::user

namespace usher {

INSTANTIATE_TYPED_TEST_SUITE_P(User, StatementContract,
                               ::testing::Types<user::statements_test::Statements>);

}  // namespace usher
