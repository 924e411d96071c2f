#include "tests/support/fake_key_store.h"

#include "tests/support/contracts/key_store_contract.h"

namespace usher::auth {
namespace fake_key_store_test {

class OnTheFake : public ::testing::Test {
 protected:
  KeyStore& keys() { return keys_; }
  std::vector<std::string> Rows() { return keys_.rows; }

 private:
  FakeKeyStore keys_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, KeyStoreContract, ::testing::Types<OnTheFake>);

}  // namespace fake_key_store_test
}  // namespace usher::auth
