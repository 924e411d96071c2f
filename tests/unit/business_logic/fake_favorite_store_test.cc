#include "tests/support/fake_favorite_store.h"

#include "tests/support/contracts/favorite_store_contract.h"

namespace usher::business_logic {
namespace fake_favorite_store_test {

class OnTheFake : public ::testing::Test {
 protected:
  FavoriteStore& store() { return store_; }

 private:
  FakeFavoriteStore store_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, FavoriteStoreContract, ::testing::Types<OnTheFake>);

}  // namespace fake_favorite_store_test
}  // namespace usher::business_logic
