#include "services/auth/session/pg_session_store.h"

#include "services/auth/method/pg_method_store.h"
#include "services/auth/migrations.h"
#include "tests/support/contracts/session_store_contract.h"
#include "tests/support/scratch_database.h"

namespace usher::auth {
namespace {

class OnPostgreSql : public ::testing::Test {
 protected:
  MethodStore& methods() { return methods_; }
  SessionStore& sessions() { return sessions_; }
  ScratchDatabase& database() { return database_; }

 private:
  ScratchDatabase database_{Migrations()};
  PgMethodStore methods_{database_.pool()};
  PgSessionStore sessions_{database_.pool()};
};

INSTANTIATE_TYPED_TEST_SUITE_P(PostgreSql, SessionStoreContract, ::testing::Types<OnPostgreSql>);

class PgSessionStoreTest : public SessionStoreContract<OnPostgreSql> {};

TEST_F(PgSessionStoreTest, WhatEndsStandsInTheFeedAndInTheAuditTrail) {
  const Session session = AnOpened(Insert(KeyType::kPassword, "ada"));
  const auto end = [](const SessionStanding&) -> Renewal { return {Renewal::Kind::kEnd, {}}; };
  ASSERT_OK(sessions().Renew(ACall(), session.company, session.id, end));

  const auto feed = *methods().ListRevocations(ACall(), 0, absl::UnixEpoch());
  ASSERT_EQ(feed.size(), 1u);
  EXPECT_EQ(feed[0].subject, session.id.value());
  EXPECT_EQ(database().Ask("SELECT string_agg(detail, '; ' ORDER BY at) FROM audit WHERE object = "
                           "'session " +
                           session.id.value() + "'"),
            "opened by password; ended: a refresh token was used again");
}

// A sign-in that has verified a secret waits for the change that is about to switch its user off,
// and then sees it.
TEST_F(PgSessionStoreTest, NoSessionSlipsInBesideAnUncommittedDeactivation) {
  const Method method = Insert(KeyType::kPassword, "ada");
  pqxx::connection connection(database().url());
  pqxx::work deactivation(connection);
  deactivation.exec("UPDATE users SET status = 2 WHERE user_id = '" + method.user.value() + "'");
  bool opened = true;
  std::thread sign_in([&] { opened = Opens(SessionOf(method), method); });
  while (database().Ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND "
                        "datname = current_database()") == "0") {
    std::this_thread::yield();
  }
  deactivation.commit();
  sign_in.join();
  EXPECT_FALSE(opened);
}

}  // namespace
}  // namespace usher::auth
