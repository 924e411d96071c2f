#include "services/user/migrations.h"

#include "tests/support/contracts/migration_contract.h"

namespace usher::user {
namespace {

struct Service {
  static constexpr char kService[] = "user";
  static std::vector<db::Migration> Migrations() { return user::Migrations(); }
};

}  // namespace
}  // namespace usher::user

namespace usher {

INSTANTIATE_TYPED_TEST_SUITE_P(User, MigrationContract, ::testing::Types<user::Service>);

}  // namespace usher
