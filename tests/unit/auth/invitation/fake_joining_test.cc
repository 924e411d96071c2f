#include "tests/support/contracts/joining_contract.h"
#include "tests/support/contracts/session_move_contract.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_invitation_store.h"
#include "tests/support/fake_link_store.h"
#include "tests/support/fake_session_store.h"

namespace usher::auth {
namespace fake_joining_test {

class OverFakes : public ::testing::Test {
 protected:
  MethodStore& methods() { return methods_; }
  KnownUserStore& users() { return methods_; }
  SessionStore& sessions() { return sessions_; }
  InvitationStore& invitations() { return invitations_; }
  LinkStore& links() { return links_; }
  void Tick() { clock_.Advance(absl::Microseconds(1)); }

 private:
  FakeClock clock_;
  FakeMethodStore methods_{clock_};
  FakeSessionStore sessions_{methods_};
  FakeInvitationStore invitations_{methods_};
  FakeLinkStore links_{methods_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, JoiningContract, ::testing::Types<OverFakes>);
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, SessionMoveContract, ::testing::Types<OverFakes>);

}  // namespace fake_joining_test
}  // namespace usher::auth
