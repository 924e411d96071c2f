// companyService.CompanyService: wire to domain and back.
#pragma once

#include <companyService/companyService.grpc.pb.h>

#include "common/rpc/gate.h"
#include "common/rpc/service.h"
#include "services/company/companies.h"

namespace usher::company {

class CompanyRpc final : public rpc::Service {
 public:
  CompanyRpc(rpc::Gate& gate, Companies& companies);

 private:
  ::companyService::CompanyService::AsyncService service_;
};

}  // namespace usher::company
