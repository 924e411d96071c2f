// Where the permission groups of companies are kept.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "services/business_logic/permission_group.h"

namespace usher::business_logic {

// Thread-safe. Errors: sql_error.h.
class PermissionGroupStore {
 public:
  virtual ~PermissionGroupStore() = default;

  // The company's own groups in their order; none where it has none.
  // PermissionGroupsTooLarge, without having read them, where no reply holds them.
  virtual absl::StatusOr<std::vector<PermissionGroup>> List(const CallContext& call,
                                                            const CompanyId& company) = 0;
};

}  // namespace usher::business_logic
