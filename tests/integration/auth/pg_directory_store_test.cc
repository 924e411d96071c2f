#include "services/auth/directory/pg_directory_store.h"

#include "services/auth/method/pg_known_user_store.h"
#include "services/auth/method/pg_method_store.h"
#include "services/auth/migrations.h"
#include "services/auth/session/pg_session_store.h"
#include "tests/support/contracts/directory_store_contract.h"
#include "tests/support/scratch_database.h"

namespace usher::auth {
namespace pg_directory_store_test {

class OnPostgres : public ::testing::Test {
 protected:
  MethodStore& methods() { return methods_; }
  KnownUserStore& users() { return users_; }
  SessionStore& sessions() { return sessions_; }
  DirectoryStore& directories() { return directories_; }

 private:
  ScratchDatabase database_{Migrations()};
  PgMethodStore methods_{database_.pool()};
  PgKnownUserStore users_{database_.pool()};
  PgSessionStore sessions_{database_.pool()};
  PgDirectoryStore directories_{database_.pool()};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, DirectoryStoreContract, ::testing::Types<OnPostgres>);

}  // namespace pg_directory_store_test
}  // namespace usher::auth
