// Every statement about what is left here of a company that is gone.
#pragma once

#include "common/db/statement.h"

namespace usher::business_logic::sql {

inline constexpr db::Statement kClearFavorites{"clear_favorites", R"sql(
  DELETE FROM favorites WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM favorites WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

inline constexpr db::Statement kClearPermissionGroups{"clear_permission_groups", R"sql(
  DELETE FROM permission_groups WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM permission_groups WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

inline constexpr const db::Statement* kAllOfTenants[] = {&kClearFavorites, &kClearPermissionGroups};

}  // namespace usher::business_logic::sql
