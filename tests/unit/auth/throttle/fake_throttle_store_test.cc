#include "tests/support/fake_throttle_store.h"

#include "tests/support/contracts/throttle_store_contract.h"
#include "tests/support/fake_clock.h"

namespace usher::auth {
namespace fake_throttle_store_test {

class InMemory : public ::testing::Test {
 protected:
  ThrottleStore& store() { return store_; }
  ThrottleStore& replica() { return store_; }
  void Pass(absl::Duration time) { clock_.Advance(time); }

 private:
  FakeClock clock_;
  FakeThrottleStore store_{clock_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(InMemory, ThrottleStoreContract, ::testing::Types<InMemory>);

}  // namespace fake_throttle_store_test
}  // namespace usher::auth
