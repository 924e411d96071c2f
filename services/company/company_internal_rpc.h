// usher.internal.v1.CompanyInternal: what the other servers ask.
#pragma once

#include <companyService/companyService.pb.h>
#include <usher/internal/v1/company.pb.h>

#include "common/rpc/call/service.h"
#include "common/rpc/gate/gate.h"
#include "services/company/companies.h"

namespace usher::company {

// The one creation behind two doors.
absl::StatusOr<Founded> CreateCompany(Companies& companies, const Caller& caller,
                                      const ::companyService::CompanyCreateRequest& request);

class CompanyInternalRpc final : public rpc::Service {
 public:
  CompanyInternalRpc(rpc::Gate& gate, Companies& companies);

 private:
  absl::Status Create(const Caller& caller,
                      const ::usher::internal::v1::CreateCompanyRequest& request,
                      ::usher::internal::v1::CreateCompanyReply& reply);

  Companies& companies_;
};

}  // namespace usher::company
