#include "tests/support/fake_engine_store.h"

#include "tests/support/contracts/engine_command_contract.h"
#include "tests/support/contracts/engine_store_contract.h"

namespace usher::room {
namespace fake_engine_store_test {

class OnTheFake : public ::testing::Test {
 protected:
  RoomStore& store() { return store_; }
  EngineStore& engines() { return engines_; }
  void Pass(absl::Duration duration) { clock_.Advance(duration); }
  void Tell(const Order& order) { engines_.Tell(kAcme, order); }

 private:
  FakeClock clock_;
  FakeRoomStore store_;
  FakeEngineStore engines_{store_, clock_, absl::Seconds(90)};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, EngineStoreContract, ::testing::Types<OnTheFake>);
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, EngineCommandContract, ::testing::Types<OnTheFake>);

}  // namespace fake_engine_store_test
}  // namespace usher::room
