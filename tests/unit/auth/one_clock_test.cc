#include "tests/support/contracts/one_clock_contract.h"
#include "tests/support/fake_method_store.h"
#include "tests/support/fake_session_store.h"

namespace usher::auth {
namespace one_clock_test {

class OnTheFakes : public ::testing::Test {
 protected:
  MethodStore& methods() { return methods_; }
  KnownUserStore& users() { return methods_; }
  RevocationStore& revocations() { return methods_; }
  SessionStore& sessions() { return sessions_; }
  const Clock& clock() const { return clock_; }
  void Tick() { clock_.Advance(absl::Microseconds(1)); }

 private:
  FakeClock clock_;
  FakeMethodStore methods_{clock_};
  FakeSessionStore sessions_{methods_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, OneClockContract, ::testing::Types<OnTheFakes>);

}  // namespace one_clock_test
}  // namespace usher::auth
