#include "services/company/company_rpc.h"

#include <string>
#include <vector>

#include "common/rpc/gate/binding.h"
#include "common/rpc/id_wire.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/company/company_internal_rpc.h"
#include "services/company/company_wire.h"

namespace usher::company {

using rpc::Lane;
using token::TokenType;
namespace company_wire = ::companyService;

CompanyRpc::CompanyRpc(rpc::Gate& gate, Companies& companies, AskingLimit& asking)
    : companies_(companies), asking_(asking) {
  rpc::Binding bind(gate, *this, "companyService.CompanyService");
  bind.Serve("companyList",
             {.name = "company.list",
              .lane = Lane::kList,
              .accepts = {TokenType::kAccess, TokenType::kActivation},
              .guests = true,
              .reads = true},
             &CompanyRpc::List);
  bind.Serve("companyUpdate", {.name = "company.update"}, &CompanyRpc::Update);
  bind.ServeOpen("companyAvailable",
                 {.name = "company.available", .lane = Lane::kStatement, .reads = true},
                 &CompanyRpc::Available);
  // Slow: what spans services asks them.
  bind.Serve("companyCreate", {.name = "company.create", .lane = Lane::kSlow, .creates = true},
             &CompanyRpc::Create);
  bind.Serve("companyDestroy", {.name = "company.destroy", .lane = Lane::kSlow},
             &CompanyRpc::Destroy);
}

absl::Status CompanyRpc::List(const Caller& caller, const company_wire::CompanyListRequest& request,
                              company_wire::CompanyListReply& reply) {
  ASSIGN_OR_RETURN(const ListWish wish, FromWire(request));
  ASSIGN_OR_RETURN(const std::vector<Company> found, companies_.List(caller, wish));
  return ToWire(found, wish.ids_only, &reply);
}

absl::Status CompanyRpc::Update(const Caller& caller,
                                const company_wire::CompanyUpdateRequest& request,
                                ::common::ReplyInfo& /*reply*/) {
  ASSIGN_OR_RETURN(const CompanyId id, CompanyIdFromWire("companyId", request.companyid()));
  ASSIGN_OR_RETURN(const CompanyChange change, FromWire(request.company()));
  return companies_.Update(caller, id, change);
}

absl::Status CompanyRpc::Available(const CallContext& call,
                                   const company_wire::CompanyAvailableRequest& request,
                                   company_wire::CompanyAvailableReply& reply) {
  ASSIGN_OR_RETURN(const std::string name, text::Name("displayName", request.displayname()));
  RETURN_IF_ERROR(asking_.Admit(call.source));
  ASSIGN_OR_RETURN(const Availability answer, companies_.Available(call, name));
  reply.set_companyid(answer.id.value());
  reply.set_available(answer.available);
  return absl::OkStatus();
}

absl::Status CompanyRpc::Create(const Caller& caller,
                                const company_wire::CompanyCreateRequest& request,
                                company_wire::CompanyCreateReply& reply) {
  ASSIGN_OR_RETURN(const Founded founded, CreateCompany(companies_, caller, request));
  reply.set_companyid(founded.company.value());
  return absl::OkStatus();
}

absl::Status CompanyRpc::Destroy(const Caller& caller,
                                 const company_wire::CompanyDestroyRequest& request,
                                 ::common::ReplyInfo& /*reply*/) {
  ASSIGN_OR_RETURN(const CompanyId id, CompanyIdFromWire("companyId", request.companyid()));
  return companies_.Destroy(caller, id);
}

}  // namespace usher::company
