#include "services/auth/method/pg_method_store.h"

#include "common/db/param.h"
#include "common/db/transaction.h"
#include "services/auth/method/pg_known_user_store.h"
#include "services/auth/method/pg_revocation_store.h"
#include "services/auth/migrations.h"
#include "services/auth/session/pg_session_store.h"
#include "tests/support/contracts/known_user_store_contract.h"
#include "tests/support/contracts/method_change_contract.h"
#include "tests/support/contracts/method_list_contract.h"
#include "tests/support/contracts/method_store_contract.h"
#include "tests/support/contracts/revocation_store_contract.h"
#include "tests/support/contracts/session_end_contract.h"
#include "tests/support/scratch_database.h"

namespace usher::auth {
namespace pg_method_store_test {

constexpr db::Statement kAddSession{"test_add_session", R"sql(
  INSERT INTO sessions (company_id, session_id, user_id, key_type, principal_key, principal,
    base_user_id, permissions, current_hash, expires_at, created_at)
  VALUES ($1, $2, $3, $4, $5, $5, $6, $7, '', $8, $9)
)sql"};
// Also one from before there was its method.
constexpr db::Statement kBackdate{"test_backdate", R"sql(
  UPDATE methods SET sessions_since = least(sessions_since, $4::timestamptz - interval '1 second')
  WHERE company_id = $1 AND key_type = $2 AND principal_key = $3
)sql"};
constexpr db::Statement kSwitchOff{"test_switch_off", R"sql(
  UPDATE companies SET status = 2 WHERE company_id = $1
)sql"};

class OnPostgres : public ::testing::Test {
 protected:
  MethodStore& store() { return store_; }
  KnownUserStore& users() { return users_; }
  RevocationStore& revocations() { return revocations_; }
  ScratchDatabase& database() { return database_; }
  void AddSession(const FakeSession& session) {
    ASSERT_OK(db::Execute(ACall(), database_.pool(), kBackdate,
                          {session.company, KeyTypeName(session.method.key_type),
                           session.method.principal_key, session.created_at}));
    ASSERT_OK(db::Execute(
        ACall(), database_.pool(), kAddSession,
        {session.company, session.id, session.user, KeyTypeName(session.method.key_type),
         session.method.principal_key, session.base_user, session.granted.mask(),
         session.expires_at, session.created_at}));
  }
  void SwitchOff(const CompanyId& company) {
    ASSERT_OK(db::Execute(ACall(), database_.pool(), kSwitchOff, {company}));
  }

 private:
  ScratchDatabase database_{Migrations()};
  PgMethodStore store_{database_.pool()};
  PgKnownUserStore users_{database_.pool()};
  PgRevocationStore revocations_{database_.pool()};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, MethodStoreContract, ::testing::Types<OnPostgres>);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, MethodListContract, ::testing::Types<OnPostgres>);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, MethodChangeContract, ::testing::Types<OnPostgres>);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, SessionEndContract, ::testing::Types<OnPostgres>);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, KnownUserStoreContract, ::testing::Types<OnPostgres>);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, RevocationStoreContract, ::testing::Types<OnPostgres>);

class PgMethodStoreTest : public MethodStoreFixture<OnPostgres> {};

TEST_F(PgMethodStoreTest, EveryChangeLeavesAnAuditRowWithoutSecretsAndNames) {
  const Method method = Insert(AMethod("ann@example.org"));
  UserChange change = ChangeOf(method);
  change.edit->sealed_secret = "new secret";
  change.edit->status = AccountStatus::kDeactivated;
  ASSERT_OK(store().ChangeUser(ACall(), change, Judging(change)));
  ASSERT_OK(
      users().RemoveUser(ACall(), kAcme, method.user, Judging(UserRemoval{kAcme, method.user})));
  EXPECT_EQ(database().Ask("SELECT string_agg(detail, ', ' ORDER BY at) FROM audit "
                           "WHERE object LIKE '%" +
                           method.user.value() + "'"),
            "created, password method: secret DEACTIVATED, removed");
  EXPECT_EQ(database().Ask("SELECT count(*) FROM audit WHERE audit::text LIKE '%ann@%' "
                           "OR audit::text LIKE '%secret new%'"),
            "0");
}

// However many sessions a method has opened: the change writes a few rows, and reads a few.
TEST_F(PgMethodStoreTest, AMethodIsSwitchedOffAtOnceAndItsSessionsAreClearedAwayLater) {
  const Method method = Insert(AGuest(/*shareable=*/true));
  database().Ask(
      "WITH made AS (INSERT INTO sessions (company_id, session_id, user_id, key_type, "
      "principal_key, principal, base_user_id, permissions, current_hash, expires_at, created_at) "
      "SELECT 'acme', gen_random_uuid(), gen_random_uuid(), 'guest_access', '" +
      method.principal_key + "', '', '" + method.user.value() +
      "', 0, '', now() + interval '1 hour', clock_timestamp() "
      "FROM generate_series(1, 50000) RETURNING 1) SELECT count(*) FROM made");
  const auto rows = [&] { return database().Ask("SELECT count(*) FROM sessions"); };
  UserChange change = ChangeOf(method);
  change.edit->status = AccountStatus::kDeactivated;
  EXPECT_THAT(InWords(store().ChangeUser(ACall(), change, Judging(change))),
              ::testing::ElementsAre(Ending(method.user) + "!"));
  EXPECT_EQ(database().Ask("SELECT count(*) FROM live_sessions"), "0");
  EXPECT_EQ(rows(), "50000");

  PgSessionStore sessions(database().pool());
  EXPECT_THAT(sessions.ForgetEnded(ACall()), IsOkAndHolds(true));
  EXPECT_EQ(rows(), "49000");
  // Removing the user deletes none of them either.
  ASSERT_OK(
      users().RemoveUser(ACall(), kAcme, method.user, Judging(UserRemoval{kAcme, method.user})));
  EXPECT_EQ(rows(), "49000");
  bool more = true;
  while (more) {
    const auto forgotten = sessions.ForgetEnded(ACall());
    ASSERT_OK(forgotten);
    more = *forgotten;
  }
  EXPECT_EQ(rows(), "0");
  EXPECT_EQ(database().Ask("SELECT count(*) FROM ended_sessions"), "0");
}

TEST_F(PgMethodStoreTest, AKeyTypeThatThisReleaseDoesNotKnowIsNoPassword) {
  const Method method = Insert(AMethod("ann"));
  pqxx::connection connection(database().url());
  pqxx::work work(connection);
  work.exec("ALTER TABLE methods DROP CONSTRAINT methods_key_type");
  work.exec("UPDATE methods SET key_type = 'passkey'");
  work.commit();
  try {
    (void)store().ListOfUser(ACall(), kAcme, method.user, absl::Now());
    ADD_FAILURE() << "it was read";
  } catch (const std::invalid_argument& exception) {
    EXPECT_THAT(exception.what(), ::testing::HasSubstr("table methods, column key_type"));
    EXPECT_THAT(exception.what(), ::testing::HasSubstr(method.user.value()));
  }
}

}  // namespace pg_method_store_test
}  // namespace usher::auth
