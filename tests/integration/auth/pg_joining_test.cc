#include "services/auth/company_switch/pg_link_store.h"
#include "services/auth/invitation/pg_invitation_store.h"
#include "services/auth/method/pg_known_user_store.h"
#include "services/auth/method/pg_method_store.h"
#include "services/auth/migrations.h"
#include "services/auth/session/pg_session_store.h"
#include "tests/support/contracts/joining_contract.h"
#include "tests/support/contracts/session_move_contract.h"
#include "tests/support/scratch_database.h"

namespace usher::auth {
namespace pg_joining_test {

class JoiningOnPostgreSql : public ::testing::Test {
 protected:
  MethodStore& methods() { return methods_; }
  KnownUserStore& users() { return users_; }
  SessionStore& sessions() { return sessions_; }
  InvitationStore& invitations() { return invitations_; }
  LinkStore& links() { return links_; }
  void Tick() {}

 private:
  ScratchDatabase database_{Migrations()};
  PgMethodStore methods_{database_.pool()};
  PgKnownUserStore users_{database_.pool()};
  PgSessionStore sessions_{database_.pool()};
  PgInvitationStore invitations_{database_.pool()};
  PgLinkStore links_{database_.pool()};
};

INSTANTIATE_TYPED_TEST_SUITE_P(PostgreSql, JoiningContract, ::testing::Types<JoiningOnPostgreSql>);
INSTANTIATE_TYPED_TEST_SUITE_P(PostgreSql, SessionMoveContract,
                               ::testing::Types<JoiningOnPostgreSql>);

}  // namespace pg_joining_test
}  // namespace usher::auth
