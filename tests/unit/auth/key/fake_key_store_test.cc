#include "tests/support/fake_key_store.h"

#include "tests/support/contracts/key_store_contract.h"

namespace usher::auth {
namespace {

class OnTheFake : public ::testing::Test {
 protected:
  KeyStore& keys() { return keys_; }
  std::vector<std::string> Rows() { return keys_.rows; }

 private:
  FakeKeyStore keys_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, KeyStoreContract, ::testing::Types<OnTheFake>);

}  // namespace
}  // namespace usher::auth
