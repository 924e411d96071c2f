#include "services/auth/key/pg_key_store.h"

#include "absl/strings/str_split.h"
#include "services/auth/migrations.h"
#include "tests/support/contracts/key_store_contract.h"
#include "tests/support/scratch_database.h"

namespace usher::auth {
namespace pg_key_store_test {

class OnPostgres : public ::testing::Test {
 protected:
  KeyStore& keys() { return keys_; }
  std::vector<std::string> Rows() {
    return absl::StrSplit(
        database_.Ask("SELECT string_agg(object || ': ' || detail, ';' ORDER BY sequence) FROM "
                      "audit WHERE audit_kind(object, detail) = 8"),
        ';');
  }

 private:
  ScratchDatabase database_{Migrations()};
  PgKeyStore keys_{database_.pool()};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, KeyStoreContract, ::testing::Types<OnPostgres>);

}  // namespace pg_key_store_test
}  // namespace usher::auth
