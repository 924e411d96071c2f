#include "tests/support/fake_company_store.h"

#include "tests/support/contracts/company_store_contract.h"

namespace usher::company {
namespace fake_company_store_test {

class OnTheFake : public ::testing::Test {
 protected:
  CompanyStore& store() { return store_; }

 private:
  FakeCompanyStore store_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, CompanyStoreContract, ::testing::Types<OnTheFake>);

}  // namespace fake_company_store_test
}  // namespace usher::company
