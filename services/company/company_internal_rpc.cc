#include "services/company/company_internal_rpc.h"

#include "common/rpc/gate/binding.h"
#include "common/status/try.h"
#include "services/company/company_wire.h"

namespace usher::company {

namespace internal_wire = ::usher::internal::v1;

absl::StatusOr<Founded> CreateCompany(Companies& companies, const Caller& caller,
                                      const ::companyService::CompanyCreateRequest& request) {
  ASSIGN_OR_RETURN(Company draft, DraftFromWire(request.company()));
  ASSIGN_OR_RETURN(const FirstAdministrator administrator, FromWire(request.usercreaterequest()));
  return companies.Create(caller, std::move(draft), administrator);
}

CompanyInternalRpc::CompanyInternalRpc(rpc::Gate& gate, Companies& companies)
    : companies_(companies) {
  rpc::Binding bind(gate, *this, "usher.internal.v1.CompanyInternal");
  bind.ServeInternalFor(
      "createCompany", {"auth"},
      {.name = "internal.createCompany", .lane = rpc::Lane::kSlow, .creates = true},
      &CompanyInternalRpc::Create);
}

absl::Status CompanyInternalRpc::Create(const Caller& caller,
                                        const internal_wire::CreateCompanyRequest& request,
                                        internal_wire::CreateCompanyReply& reply) {
  ASSIGN_OR_RETURN(const Founded founded,
                   CreateCompany(companies_, caller, request.company_create_request()));
  reply.set_company_id(founded.company.value());
  reply.set_user_id(founded.owner.value());
  return absl::OkStatus();
}

}  // namespace usher::company
