#include "tests/support/fake_session_store.h"

#include "tests/support/contracts/session_opening_contract.h"
#include "tests/support/contracts/session_store_contract.h"
#include "tests/support/fake_method_store.h"

namespace usher::auth {
namespace fake_session_store_test {

class OnTheFake : public ::testing::Test {
 protected:
  MethodStore& methods() { return methods_; }
  KnownUserStore& users() { return methods_; }
  SessionStore& sessions() { return sessions_; }

 private:
  const SystemClock clock_{};
  FakeMethodStore methods_{clock_};
  FakeSessionStore sessions_{methods_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, SessionStoreContract, ::testing::Types<OnTheFake>);
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, SessionOpeningContract, ::testing::Types<OnTheFake>);

}  // namespace fake_session_store_test
}  // namespace usher::auth
