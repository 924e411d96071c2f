// Where the permission groups of companies are kept.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "services/business_logic/permission_group.h"

namespace usher::business_logic {

// All groups that a company has after a change, out of those that it has and those of the platform.
// A failure leaves them as they were. May be called several times.
using DecideGroups = std::function<absl::StatusOr<std::vector<PermissionGroup>>(
    std::vector<PermissionGroup> own, std::vector<PermissionGroup> platforms)>;

// Thread-safe. Errors: sql_error.h.
class PermissionGroupStore {
 public:
  virtual ~PermissionGroupStore() = default;

  // The company's own groups in their order; none where it has none.
  // PermissionGroupsTooLarge, without having read them, where no reply holds them.
  virtual absl::StatusOr<std::vector<PermissionGroup>> List(const CallContext& call,
                                                            const CompanyId& company) = 0;

  // The platform's, in their order.
  virtual absl::StatusOr<std::vector<PermissionGroup>> ListPlatforms(const CallContext& call) = 0;

  // Changes of one company come one after the other. `what`: for the audit. Fails as `decide` does,
  // and as List.
  virtual absl::Status Change(const CallContext& call, const CompanyId& company,
                              const std::string& what, const DecideGroups& decide) = 0;
};

}  // namespace usher::business_logic
