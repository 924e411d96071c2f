#include "tests/support/fake_directory_store.h"

#include "tests/support/contracts/directory_store_contract.h"
#include "tests/support/fake_session_store.h"

namespace usher::auth {
namespace fake_directory_store_test {

class OnTheFake : public ::testing::Test {
 protected:
  MethodStore& methods() { return methods_; }
  KnownUserStore& users() { return methods_; }
  SessionStore& sessions() { return sessions_; }
  DirectoryStore& directories() { return directories_; }

 private:
  const SystemClock clock_{};
  FakeMethodStore methods_{clock_};
  FakeSessionStore sessions_{methods_};
  FakeDirectoryStore directories_{methods_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, DirectoryStoreContract, ::testing::Types<OnTheFake>);

}  // namespace fake_directory_store_test
}  // namespace usher::auth
