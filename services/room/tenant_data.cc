#include "services/room/tenant_data.h"

#include "common/db/company_clearing.h"
#include "services/room/tenant_sql.h"

namespace usher::room {

absl::StatusOr<bool> ClearCompany(const CallContext& call, db::Pool& pool,
                                  const CompanyId& company) {
  return db::ClearCompany(
      call, pool, company,
      {&sql::kClearParents, &sql::kClearRights, &sql::kClearSubRooms, &sql::kClearPresence,
       &sql::kClearCommands, &sql::kClearRooms, &sql::kClearChat, &sql::kClearChatRooms});
}

}  // namespace usher::room
