#include "tests/support/fake_company_saga_store.h"

#include "tests/support/contracts/company_saga_store_contract.h"

namespace usher::company {
namespace fake_company_saga_store_test {

class OnFakes : public ::testing::Test {
 protected:
  CompanySagaStore& sagas() { return store_; }
  bool IsSeen(const CompanyId& company) { return store_.IsSeen(company); }
  size_t CountCompanies() { return store_.CountCompanies(); }

  FakeCompanySagaStore store_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, CompanySagaStoreContract, ::testing::Types<OnFakes>);

}  // namespace fake_company_saga_store_test
}  // namespace usher::company
