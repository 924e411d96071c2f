// companyService.CompanyService: wire to domain and back.
#pragma once

#include <companyService/companyService.pb.h>

#include "common/rpc/call/service.h"
#include "common/rpc/gate/gate.h"
#include "services/company/asking_limit.h"
#include "services/company/companies.h"

namespace usher::company {

class CompanyRpc final : public rpc::Service {
 public:
  CompanyRpc(rpc::Gate& gate, Companies& companies, AskingLimit& asking);

 private:
  absl::Status List(const Caller& caller, const ::companyService::CompanyListRequest& request,
                    ::companyService::CompanyListReply& reply);
  absl::Status Update(const Caller& caller, const ::companyService::CompanyUpdateRequest& request,
                      ::common::ReplyInfo& reply);
  absl::Status Available(const CallContext& call,
                         const ::companyService::CompanyAvailableRequest& request,
                         ::companyService::CompanyAvailableReply& reply);
  absl::Status Create(const Caller& caller, const ::companyService::CompanyCreateRequest& request,
                      ::companyService::CompanyCreateReply& reply);
  absl::Status Destroy(const Caller& caller, const ::companyService::CompanyDestroyRequest& request,
                       ::common::ReplyInfo& reply);

  Companies& companies_;
  AskingLimit& asking_;
};

}  // namespace usher::company
