#include "services/auth/audit_rpc.h"

#include "common/rpc/gate/binding.h"
#include "common/status/try.h"
#include "services/auth/audit/audit_wire.h"

namespace usher::auth {

AuditRpc::AuditRpc(rpc::Gate& gate, AuditTrail& trail) : trail_(trail) {
  rpc::Binding bind(gate, *this, "usher.audit.v1.AuditService");
  bind.Serve("list", {.name = "audit.list", .lane = rpc::Lane::kList, .reads = true},
             &AuditRpc::List);
}

absl::Status AuditRpc::List(const Caller& caller, const ::usher::audit::v1::ListRequest& request,
                            ::usher::audit::v1::ListReply& reply) {
  ASSIGN_OR_RETURN(const AuditWish wish, FromWire(request));
  ASSIGN_OR_RETURN(const AuditPage page, trail_.List(caller, wish));
  return ToWire(page, &reply);
}

}  // namespace usher::auth
