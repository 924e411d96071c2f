#include "services/company/company_rpc.h"

#include <string>
#include <utility>
#include <vector>

#include "common/permission/require.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/company/company_wire.h"

namespace usher::company {

using ::companyService::CompanyService;
using rpc::Lane;
using token::TokenType;

CompanyRpc::CompanyRpc(rpc::Gate& gate, Companies& companies) {
  using Async = CompanyService::AsyncService;
  Expose(service_, CompanyService::service_full_name());

  gate.Serve(*this, service_,
             {.name = "company.list",
              .lane = Lane::kStatement,
              .accepts = {TokenType::kAccess, TokenType::kActivation}},
             &Async::RequestcompanyList,
             [&companies](const Caller& caller, const auto& request, auto& reply) -> absl::Status {
               ASSIGN_OR_RETURN(const ListWish wish, FromWire(request));
               ASSIGN_OR_RETURN(const std::vector<Company> found, companies.List(caller, wish));
               return ToWire(found, wish.ids_only, &reply);
             });

  // Slow: who is not an administrator may be the owner, which the user service knows.
  gate.Serve(*this, service_, {.name = "company.update", .lane = Lane::kSlow},
             &Async::RequestcompanyUpdate,
             [&companies](const Caller& caller, const auto& request, auto&) -> absl::Status {
               ASSIGN_OR_RETURN(const CompanyId id, CompanyIdFromWire(request.companyid()));
               ASSIGN_OR_RETURN(const CompanyChange change, FromWire(request.company()));
               return companies.Update(caller, id, change);
             });

  gate.ServeOpen(
      *this, service_, {.name = "company.available", .lane = Lane::kStatement},
      &Async::RequestcompanyAvailable,
      [&companies](const CallContext& call, const auto& request, auto& reply) -> absl::Status {
        ASSIGN_OR_RETURN(const std::string name, text::Name("displayName", request.displayname()));
        ASSIGN_OR_RETURN(const Availability answer, companies.Available(call, name));
        reply.set_companyid(answer.id.value());
        reply.set_available(answer.available);
        return absl::OkStatus();
      });

  // Creation and destruction span services and come with the issue on tenancy (docs/status.md).
  gate.Serve(*this, service_, {.name = "company.create"}, &Async::RequestcompanyCreate,
             [](const Caller& caller, const auto&, auto&) -> absl::Status {
               if (!caller.HasPlatform(Permission::kCompanyCreate)) {
                 return PermissionMissing(PermissionName(Permission::kCompanyCreate));
               }
               return NotImplemented("companyCreate");
             });
  gate.Serve(*this, service_, {.name = "company.destroy"}, &Async::RequestcompanyDestroy,
             [](const Caller& caller, const auto&, auto&) -> absl::Status {
               if (!caller.IsPlatformAdministrator()) {
                 return PermissionMissing("a platform administrator");
               }
               return NotImplemented("companyDestroy");
             });
}

}  // namespace usher::company
