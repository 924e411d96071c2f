#include "tests/support/fake_permission_group_store.h"

#include "tests/support/contracts/permission_group_store_contract.h"

namespace usher::business_logic {
namespace fake_permission_group_store_test {

class OnTheFake : public ::testing::Test {
 protected:
  PermissionGroupStore& store() { return store_; }

 private:
  FakePermissionGroupStore store_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, PermissionGroupStoreContract, ::testing::Types<OnTheFake>);

}  // namespace fake_permission_group_store_test
}  // namespace usher::business_logic
