#include "services/user/migrations.h"

#include "tests/support/contracts/migration_contract.h"

namespace usher::user {
namespace migrations_test {

struct Service {
  static constexpr char kService[] = "user";
  static std::vector<db::Migration> Migrations() { return user::Migrations(); }
};

}  // namespace migrations_test
}  // namespace usher::user

namespace usher {

INSTANTIATE_TYPED_TEST_SUITE_P(User, MigrationContract,
                               ::testing::Types<user::migrations_test::Service>);

}  // namespace usher
