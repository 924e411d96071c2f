#include "services/business_logic/tenant_data.h"

#include "common/db/company_clearing.h"
#include "services/business_logic/tenant_sql.h"

namespace usher::business_logic {

absl::StatusOr<bool> ClearCompany(const CallContext& call, db::Pool& pool,
                                  const CompanyId& company) {
  return db::ClearCompany(call, pool, company,
                          {&sql::kClearFavorites, &sql::kClearPermissionGroups});
}

}  // namespace usher::business_logic
