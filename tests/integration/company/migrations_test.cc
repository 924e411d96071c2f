#include "services/company/migrations.h"

#include "tests/support/contracts/migration_contract.h"

namespace usher::company {
namespace migrations_test {

struct Service {
  static constexpr char kService[] = "company";
  static std::vector<db::Migration> Migrations() { return company::Migrations(); }
};

}  // namespace migrations_test
}  // namespace usher::company

namespace usher {

INSTANTIATE_TYPED_TEST_SUITE_P(Company, MigrationContract,
                               ::testing::Types<company::migrations_test::Service>);

}  // namespace usher
