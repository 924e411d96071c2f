#include "services/auth/migrations.h"

#include "tests/support/contracts/migration_contract.h"

namespace usher::auth {
namespace {

struct Service {
  static constexpr char kService[] = "auth";
  static std::vector<db::Migration> Migrations() { return auth::Migrations(); }
};

}  // namespace
}  // namespace usher::auth

namespace usher {

INSTANTIATE_TYPED_TEST_SUITE_P(Auth, MigrationContract, ::testing::Types<auth::Service>);

}  // namespace usher
