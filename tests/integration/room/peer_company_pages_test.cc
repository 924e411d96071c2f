#include "services/room/peer_company_pages.h"

#include "tests/support/contracts/company_pages_contract.h"
#include "tests/support/house_peer.h"
#include "tests/support/over_the_wire.h"

namespace usher::room {
namespace peer_company_pages_test {

class OnTheHouse : public OverTheWire {
 protected:
  CompanyPages& pages() { return pages_; }
  void SetBase(const std::string& base) {
    ::companyService::CompanyUpdateRequest request;
    request.set_companyid("acme");
    (*request.mutable_company()->mutable_metadata())["joinLinkBase"] = base;
    EXPECT_THAT(Ask(&CompanyStub::companyUpdate, As(AdminOf("acme"), request)),
                Answers(::common::OK));
  }

 private:
  rpc::Peer company_{"company", house_.Socket("company", "internal"),
                     CertificateOf(house_, "room")};
  PeerCompanyPages pages_{company_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(House, CompanyPagesContract, ::testing::Types<OnTheHouse>);

}  // namespace peer_company_pages_test
}  // namespace usher::room
