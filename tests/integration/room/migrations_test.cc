#include "services/room/migrations.h"

#include "tests/support/contracts/migration_contract.h"

namespace usher::room {
namespace migrations_test {

struct Service {
  static constexpr char kService[] = "room";
  static std::vector<db::Migration> Migrations() { return room::Migrations(); }
};

}  // namespace migrations_test
}  // namespace usher::room

namespace usher {

INSTANTIATE_TYPED_TEST_SUITE_P(Room, MigrationContract,
                               ::testing::Types<room::migrations_test::Service>);

}  // namespace usher
