// What the tests of CompanyService over the wire have in common.
#pragma once

#include <string>
#include <vector>

#include "tests/support/over_the_wire.h"

namespace usher {

class CompanyOverTheWire : public OverTheWire {
 protected:
  ::companyService::CompanyListReply List(const std::string& token,
                                          const std::vector<std::string>& ids = {}) {
    ::companyService::CompanyListRequest request;
    for (const std::string& id : ids) request.add_companyidlist(id);
    return Ask(&CompanyStub::companyList, As(token, request));
  }
  // In full, as whoever belongs to it sees it.
  ::common::Company Get(const std::string& company) {
    auto request = As<::companyService::CompanyListRequest>(TokenWith({}, company));
    request.mutable_accessinfo()->set_includemetadata(true);
    const auto reply = Ask(&CompanyStub::companyList, request);
    EXPECT_EQ(reply.companies().count(company), 1u) << reply.ShortDebugString();
    return reply.companies().count(company) > 0 ? reply.companies().at(company)
                                                : ::common::Company();
  }
  static ::companyService::CompanyUpdateRequest Renaming(const std::string& company,
                                                         const std::string& name) {
    ::companyService::CompanyUpdateRequest request;
    request.set_companyid(company);
    request.mutable_company()->set_displayname(name);
    return request;
  }
  ::common::ReplyInfo Update(const std::string& token,
                             const ::companyService::CompanyUpdateRequest& request) {
    return Ask(&CompanyStub::companyUpdate, As(token, request));
  }
  ::companyService::CompanyAvailableReply Available(const std::string& name) {
    ::companyService::CompanyAvailableRequest request;
    request.set_displayname(name);
    return Ask(&CompanyStub::companyAvailable, request);
  }
};

}  // namespace usher
