#include "services/auth/reset/pg_reset_store.h"

#include "common/db/transaction.h"
#include "services/auth/mail/pg_mail_store.h"
#include "services/auth/method/pg_known_user_store.h"
#include "services/auth/method/pg_method_store.h"
#include "services/auth/method/pg_revocation_store.h"
#include "services/auth/migrations.h"
#include "tests/support/contracts/reset_store_contract.h"
#include "tests/support/scratch_database.h"

namespace usher::auth {
namespace pg_reset_store_test {

constexpr db::Statement kAddSession{"test_add_session", R"sql(
  INSERT INTO sessions (company_id, session_id, user_id, key_type, principal_key, principal,
    base_user_id, permissions, current_hash, expires_at, created_at)
  VALUES ($1, $2, $3, $4, $5, $5, $6, $7, '', $8, $9)
)sql"};
constexpr db::Statement kBackdate{"test_backdate", R"sql(
  UPDATE methods SET sessions_since = least(sessions_since, $4::timestamptz - interval '1 second')
  WHERE company_id = $1 AND key_type = $2 AND principal_key = $3
)sql"};
constexpr db::Statement kAgeMails{"test_age_mails", R"sql(
  UPDATE mail_outbox SET due_at = due_at - $1::bigint * interval '1 microsecond',
                         queued_at = queued_at - $1::bigint * interval '1 microsecond'
)sql"};
constexpr db::Statement kAgeResets{"test_age_resets", R"sql(
  UPDATE password_resets SET expires_at = expires_at - $1::bigint * interval '1 microsecond',
                             counted_since = counted_since - $1::bigint * interval '1 microsecond'
)sql"};

class OnPostgres : public ::testing::Test {
 protected:
  MethodStore& store() { return store_; }
  KnownUserStore& users() { return users_; }
  RevocationStore& revocations() { return revocations_; }
  ResetStore& resets() { return resets_; }
  MailStore& mails() { return mails_; }
  void SwitchOff(const CompanyId& /*company*/) {}
  void AddSession(const FakeSession& session) {
    Run(kBackdate, {session.company, KeyTypeName(session.method.key_type),
                    session.method.principal_key, session.created_at});
    Run(kAddSession,
        {session.company, session.id, session.user, KeyTypeName(session.method.key_type),
         session.method.principal_key, session.base_user, session.granted.mask(),
         session.expires_at, session.created_at});
  }
  void Pass(absl::Duration time) {
    Run(kAgeMails, {absl::ToInt64Microseconds(time)});
    Run(kAgeResets, {absl::ToInt64Microseconds(time)});
  }

 private:
  void Run(const db::Statement& statement, const std::vector<db::Param>& params) {
    ASSERT_OK(db::Execute(ACall(), database_.pool(), statement, params));
  }

  ScratchDatabase database_{Migrations()};
  PgMethodStore store_{database_.pool()};
  PgKnownUserStore users_{database_.pool()};
  PgRevocationStore revocations_{database_.pool()};
  PgResetStore resets_{database_.pool()};
  PgMailStore mails_{database_.pool()};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, ResetStoreContract, ::testing::Types<OnPostgres>);

}  // namespace pg_reset_store_test
}  // namespace usher::auth
