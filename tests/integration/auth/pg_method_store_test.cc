#include "services/auth/method/pg_method_store.h"

#include "common/db/param.h"
#include "common/db/transaction.h"
#include "services/auth/migrations.h"
#include "tests/support/contracts/method_change_contract.h"
#include "tests/support/contracts/method_store_contract.h"
#include "tests/support/scratch_database.h"

namespace usher::auth {
namespace {

constexpr db::Statement kAddSession{"test_add_session", R"sql(
  INSERT INTO sessions (company_id, session_id, user_id, key_type, principal_key, principal,
    base_user_id, permissions, current_hash, expires_at, created_at)
  VALUES ($1, $2, $3, $4, $5, $5, $6, $7, '', $8, $9)
)sql"};
constexpr db::Statement kSwitchOff{"test_switch_off", R"sql(
  UPDATE companies SET status = 2 WHERE company_id = $1
)sql"};

class OnPostgres : public ::testing::Test {
 protected:
  MethodStore& store() { return store_; }
  ScratchDatabase& database() { return database_; }
  void AddSession(const FakeSession& session) {
    ASSERT_OK(db::Execute(
        ACall(), database_.pool(), kAddSession,
        {session.company, session.session, session.user, KeyTypeName(session.method.key_type),
         session.method.principal_key, session.base_user, session.permissions.mask(),
         session.expires_at, session.created_at}));
  }
  void SwitchOff(const CompanyId& company) {
    ASSERT_OK(db::Execute(ACall(), database_.pool(), kSwitchOff, {company}));
  }

 private:
  ScratchDatabase database_{Migrations()};
  PgMethodStore store_{database_.pool()};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, MethodStoreContract, ::testing::Types<OnPostgres>);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, MethodChangeContract, ::testing::Types<OnPostgres>);

class PgMethodStoreTest : public MethodStoreFixture<OnPostgres> {};

TEST_F(PgMethodStoreTest, EveryChangeLeavesAnAuditRowWithoutSecretsAndNames) {
  const Method method = Insert(AMethod("ann@example.org"));
  UserChange change = ChangeOf(method);
  change.edit->sealed_secret = "new secret";
  change.edit->status = AccountStatus::kDeactivated;
  ASSERT_OK(store().ChangeUser(ACall(), change));
  ASSERT_OK(store().RemoveUser(ACall(), kAcme, method.user, {}));
  EXPECT_EQ(database().Ask("SELECT string_agg(detail, ', ' ORDER BY at) FROM audit "
                           "WHERE object LIKE '%" +
                           method.user.value() + "'"),
            "created, password method: secret DEACTIVATED, removed");
  EXPECT_EQ(database().Ask("SELECT count(*) FROM audit WHERE audit::text LIKE '%ann@%' "
                           "OR audit::text LIKE '%secret new%'"),
            "0");
}

}  // namespace
}  // namespace usher::auth
