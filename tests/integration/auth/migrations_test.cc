#include "services/auth/migrations.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "common/permission/permission.h"
#include "tests/support/contracts/migration_contract.h"

namespace usher::auth {
namespace migrations_test {

struct Service {
  static constexpr char kService[] = "auth";
  static std::vector<db::Migration> Migrations() { return auth::Migrations(); }
};

}  // namespace migrations_test
}  // namespace usher::auth

namespace usher {

INSTANTIATE_TYPED_TEST_SUITE_P(Auth, MigrationContract,
                               ::testing::Types<auth::migrations_test::Service>);

// As the release before left them.
TEST(AuthMigrations, WhoeverHeldAllThatAnAdministratorCouldHoldsAllAgain) {
  const std::vector<db::Migration> all = auth::Migrations();
  const auto complete = std::find_if(all.begin(), all.end(), [](const db::Migration& migration) {
    return absl::StrContains(migration.id, "_complete_administrators");
  });
  ASSERT_NE(complete, all.end());
  ScratchDatabase database(std::vector<db::Migration>(all.begin(), complete));
  // Everything; the platform's as well; one less; a guest with everything.
  database.Run(
      "INSERT INTO companies (company_id) VALUES ('acme');"
      "INSERT INTO users (company_id, user_id) SELECT 'acme',"
      " ('00000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid FROM generate_series(1, 4) i;"
      "INSERT INTO methods (company_id, key_type, principal_key, principal, user_id, secret,"
      " permissions)"
      " SELECT 'acme', CASE i WHEN 4 THEN 'guest_access' ELSE 'password' END, i, i,"
      " ('00000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, '',"
      " (ARRAY[42110, 43006, 42110 - 32, 42110])[i] FROM generate_series(1, 4) i;"
      "INSERT INTO sessions (company_id, session_id, user_id, key_type, principal_key, principal,"
      " permissions, current_hash, expires_at)"
      " SELECT company_id, user_id, user_id, key_type, principal_key, principal, permissions, '',"
      " now() FROM methods");
  int applied = 0;
  ASSERT_OK(db::Migrate(database.pool(), db::WithShared(all), &applied));
  for (const char* table : {"methods", "sessions"}) {
    EXPECT_EQ(database.Ask(absl::StrCat("SELECT string_agg(permissions::text, ' ' ORDER BY "
                                        "principal_key) FROM ",
                                        table)),
              absl::StrCat(kCompanyAdministrator.mask(), " ",
                           kCompanyAdministrator.Or(kPlatformPermissions).mask(), " 42078 42110"));
  }
}

}  // namespace usher
