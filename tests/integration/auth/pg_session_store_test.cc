#include "services/auth/session/pg_session_store.h"

#include "services/auth/method/pg_known_user_store.h"
#include "services/auth/method/pg_method_store.h"
#include "services/auth/method/pg_revocation_store.h"
#include "services/auth/migrations.h"
#include "tests/support/contracts/session_opening_contract.h"
#include "tests/support/contracts/session_store_contract.h"
#include "tests/support/scratch_database.h"

namespace usher::auth {
namespace pg_session_store_test {

class OnPostgreSql : public ::testing::Test {
 protected:
  MethodStore& methods() { return methods_; }
  KnownUserStore& users() { return users_; }
  RevocationStore& revocations() { return revocations_; }
  SessionStore& sessions() { return sessions_; }
  ScratchDatabase& database() { return database_; }

 private:
  ScratchDatabase database_{Migrations()};
  PgMethodStore methods_{database_.pool()};
  PgKnownUserStore users_{database_.pool()};
  PgRevocationStore revocations_{database_.pool()};
  PgSessionStore sessions_{database_.pool()};
};

INSTANTIATE_TYPED_TEST_SUITE_P(PostgreSql, SessionStoreContract, ::testing::Types<OnPostgreSql>);
INSTANTIATE_TYPED_TEST_SUITE_P(PostgreSql, SessionOpeningContract, ::testing::Types<OnPostgreSql>);

class PgSessionStoreTest : public SessionStoreContract<OnPostgreSql> {
 protected:
  // Until somebody waits for one.
  void WaitForALock() {
    while (database().Ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                          "AND datname = current_database()") == "0") {
      std::this_thread::yield();
    }
  }
};

TEST_F(PgSessionStoreTest, WhatEndsStandsInTheFeedAndInTheAuditTrail) {
  const Session session = AnOpened(Insert(KeyType::kPassword, "ada"));
  const auto end = [](const SessionStanding&) -> Rotation { return {Rotation::Kind::kEnd, {}}; };
  ASSERT_OK(sessions().Rotate(ACall(), session.company, session.id, end));

  const auto feed = *revocations().ListRevocations(ACall(), 0, absl::UnixEpoch());
  ASSERT_EQ(feed.size(), 1u);
  EXPECT_EQ(feed[0].subject, session.id.value());
  EXPECT_EQ(database().Ask("SELECT string_agg(detail, '; ' ORDER BY at) FROM audit WHERE object = "
                           "'session " +
                           session.id.value() + "'"),
            "opened by password; ended: a refresh token was used again");
}

// A server of the release before knows one hash of each kind, and leaves the others as they were.
TEST_F(PgSessionStoreTest, HashesThatAnOlderServerDidNotReplaceDoNotCount) {
  const Session session = AnOpened(Insert(KeyType::kPassword, "ada"));
  const auto fork = [](const SessionStanding& standing) -> Rotation {
    Rotation rotation{.kind = Rotation::Kind::kReplace, .replacement = standing.session};
    rotation.replacement.good_hashes = {"one", "two"};
    rotation.replacement.ended_hashes = {"first", "other"};
    return rotation;
  };
  ASSERT_OK(sessions().Rotate(ACall(), session.company, session.id, fork));
  database().Ask("UPDATE sessions SET current_hash = 'next', previous_hash = 'two' RETURNING 1");
  const auto found = *sessions().Find(ACall(), session.company, session.id);
  EXPECT_EQ(found->session.good_hashes, Hashes{"next"});
  EXPECT_EQ(found->session.ended_hashes, Hashes{"two"});
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
  WaitForALock();
  deactivation.commit();
  sign_in.join();
  EXPECT_FALSE(opened);
}

// Likewise a signature for somebody whose only method is about to be switched off: the row of the
// user is locked by that, and stays as it is.
TEST_F(PgSessionStoreTest, NoTokenIsSignedBesideAnUncommittedEndOfTheLastMethod) {
  const Method method = Insert(KeyType::kPassword, "ada");
  pqxx::connection connection(database().url());
  pqxx::work deactivation(connection);
  deactivation.exec("SELECT 1 FROM users WHERE user_id = '" + method.user.value() +
                    "' FOR NO KEY UPDATE");
  deactivation.exec("UPDATE methods SET status = 2 WHERE user_id = '" + method.user.value() + "'");
  AccountStatus found = AccountStatus::kDefault;
  std::thread signing([&] {
    const auto target = sessions().FindSigningTarget(ACall(), kCompany, method.user);
    if (target.ok() && target->has_value()) found = (*target)->standing.methods;
  });
  WaitForALock();
  deactivation.commit();
  signing.join();
  EXPECT_EQ(found, AccountStatus::kDeactivated);
}

}  // namespace pg_session_store_test
}  // namespace usher::auth
