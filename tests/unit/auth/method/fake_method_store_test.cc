#include "tests/support/fake_method_store.h"

#include "tests/support/contracts/known_user_store_contract.h"
#include "tests/support/contracts/method_change_contract.h"
#include "tests/support/contracts/method_list_contract.h"
#include "tests/support/contracts/method_store_contract.h"
#include "tests/support/contracts/revocation_store_contract.h"
#include "tests/support/contracts/session_end_contract.h"

namespace usher::auth {
namespace fake_method_store_test {

class OnTheFake : public ::testing::Test {
 protected:
  MethodStore& store() { return store_; }
  KnownUserStore& users() { return store_; }
  RevocationStore& revocations() { return store_; }
  void AddSession(const FakeSession& session) { store_.AddSession(session); }
  void SwitchOff(const CompanyId& company) { store_.SwitchOff(company); }

 private:
  FakeMethodStore store_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, MethodStoreContract, ::testing::Types<OnTheFake>);
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, MethodListContract, ::testing::Types<OnTheFake>);
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, MethodChangeContract, ::testing::Types<OnTheFake>);
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, SessionEndContract, ::testing::Types<OnTheFake>);
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, KnownUserStoreContract, ::testing::Types<OnTheFake>);
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, RevocationStoreContract, ::testing::Types<OnTheFake>);

}  // namespace fake_method_store_test
}  // namespace usher::auth
