#include "tests/support/fake_company_pages.h"

#include "tests/support/contracts/company_pages_contract.h"

namespace usher::room {
namespace fake_company_pages_test {

class OnTheFake : public ::testing::Test {
 protected:
  CompanyPages& pages() { return pages_; }
  void SetBase(const std::string& base) { pages_.bases[CompanyId("acme")] = base; }

 private:
  FakeCompanyPages pages_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, CompanyPagesContract, ::testing::Types<OnTheFake>);

}  // namespace fake_company_pages_test
}  // namespace usher::room
