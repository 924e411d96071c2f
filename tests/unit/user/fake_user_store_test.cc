#include "tests/support/fake_user_store.h"

#include "tests/support/contracts/saga_claim_contract.h"
#include "tests/support/contracts/saga_store_contract.h"
#include "tests/support/contracts/user_email_contract.h"
#include "tests/support/contracts/user_store_contract.h"

namespace usher::user {
namespace fake_user_store_test {

class OnTheFake : public ::testing::Test {
 protected:
  UserStore& store() { return store_; }
  SagaStore& sagas() { return store_; }

 private:
  FakeUserStore store_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, UserStoreContract, ::testing::Types<OnTheFake>);
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, UserEmailContract, ::testing::Types<OnTheFake>);
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, SagaStoreContract, ::testing::Types<OnTheFake>);
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, SagaClaimContract, ::testing::Types<OnTheFake>);

}  // namespace fake_user_store_test
}  // namespace usher::user
