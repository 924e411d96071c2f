#include "services/business_logic/migrations.h"

#include "tests/support/contracts/migration_contract.h"

namespace usher::business_logic {
namespace migrations_test {

struct Service {
  static constexpr char kService[] = "business-logic";
  static std::vector<db::Migration> Migrations() { return business_logic::Migrations(); }
};

}  // namespace migrations_test
}  // namespace usher::business_logic

namespace usher {

INSTANTIATE_TYPED_TEST_SUITE_P(BusinessLogic, MigrationContract,
                               ::testing::Types<business_logic::migrations_test::Service>);

}  // namespace usher
