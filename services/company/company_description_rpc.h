// usher.internal.v1.CompanyDescriptions: how companies are called, for mail, and where their
// join links lead.
#pragma once

#include <usher/internal/v1/company_description.pb.h>

#include "common/rpc/call/service.h"
#include "common/rpc/gate/gate.h"
#include "services/company/company_store.h"

namespace usher::company {

class CompanyDescriptionRpc final : public rpc::Service {
 public:
  CompanyDescriptionRpc(rpc::Gate& gate, CompanyStore& store);

 private:
  absl::Status Describe(const CallContext& call,
                        const ::usher::internal::v1::DescribeCompanyRequest& request,
                        ::usher::internal::v1::DescribeCompanyReply& reply);

  CompanyStore& store_;
};

}  // namespace usher::company
