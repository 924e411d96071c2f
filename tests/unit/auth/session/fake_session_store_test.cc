#include "tests/support/fake_session_store.h"

#include "tests/support/contracts/session_store_contract.h"
#include "tests/support/fake_method_store.h"

namespace usher::auth {
namespace {

class OnTheFake : public ::testing::Test {
 protected:
  MethodStore& methods() { return methods_; }
  KnownUserStore& users() { return methods_; }
  SessionStore& sessions() { return sessions_; }

 private:
  const SystemClock clock_{};
  FakeMethodStore methods_{clock_};
  FakeSessionStore sessions_{methods_, clock_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, SessionStoreContract, ::testing::Types<OnTheFake>);

}  // namespace
}  // namespace usher::auth
