// usher.audit.v1.AuditService: the audit, for administrators.
#pragma once

#include <usher/audit/v1/audit.pb.h>

#include "common/rpc/call/service.h"
#include "common/rpc/gate/gate.h"
#include "services/auth/audit/audit_trail.h"

namespace usher::auth {

class AuditRpc final : public rpc::Service {
 public:
  AuditRpc(rpc::Gate& gate, AuditTrail& trail);

 private:
  absl::Status List(const Caller& caller, const ::usher::audit::v1::ListRequest& request,
                    ::usher::audit::v1::ListReply& reply);

  AuditTrail& trail_;
};

}  // namespace usher::auth
