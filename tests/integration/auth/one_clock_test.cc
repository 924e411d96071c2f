// Tokens and revocations dated by a real database, beside clocks that are wrong.
#include "common/base/clock.h"
#include "services/auth/method/pg_known_user_store.h"
#include "services/auth/method/pg_method_store.h"
#include "services/auth/method/pg_revocation_store.h"
#include "services/auth/migrations.h"
#include "services/auth/session/pg_session_store.h"
#include "tests/support/contracts/one_clock_contract.h"
#include "tests/support/scratch_database.h"

namespace usher::auth {
namespace one_clock_test {

class OnARealClock : public ::testing::Test {
 protected:
  MethodStore& methods() { return methods_; }
  KnownUserStore& users() { return users_; }
  RevocationStore& revocations() { return revocations_; }
  SessionStore& sessions() { return sessions_; }
  // PostgreSQL runs on this machine.
  const Clock& clock() const { return clock_; }
  void Tick() {}  // it does so by itself

 private:
  const SystemClock clock_{};
  ScratchDatabase database_{Migrations()};
  PgMethodStore methods_{database_.pool()};
  PgKnownUserStore users_{database_.pool()};
  PgRevocationStore revocations_{database_.pool()};
  PgSessionStore sessions_{database_.pool()};
};

INSTANTIATE_TYPED_TEST_SUITE_P(PostgreSql, OneClockContract, ::testing::Types<OnARealClock>);

class OneClockOnPostgreSql : public OneClockContract<OnARealClock> {};

// A store that knows which sessions a method has opened.
TEST_F(OneClockOnPostgreSql, ATokenSignedForAnotherEndsWithTheRightsOfTheSigner) {
  WithAllClocks([this] {
    const Method admin = Insert(kCompanyAdministrator);
    const Method bob = Insert({});
    const auto session = SignInAs(admin);
    ASSERT_OK(session);
    const std::string for_bob = SignedFor(bob.user, *session, {Permission::kUserShow});
    EXPECT_OK(Judge(for_bob));
    Take(admin, {Permission::kUserShow});
    EXPECT_THAT(Judge(for_bob), HasReplyCode(::common::TOKEN_OUTDATED));
  });
}

}  // namespace one_clock_test
}  // namespace usher::auth
