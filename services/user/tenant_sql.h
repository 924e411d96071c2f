// Every statement about what a company begins and ends with here.
#pragma once

#include "common/db/statement.h"

namespace usher::user::sql {

// 2 is active: nobody can sign in to the company yet.
inline constexpr db::Statement kInsertFirstUser{"insert_first_user", R"sql(
  INSERT INTO users (company_id, user_id, email, email_key, firstname, lastname, title, metadata,
                     ui_language, spoken_languages, state)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 2)
  ON CONFLICT (company_id, user_id) DO NOTHING RETURNING user_id
)sql"};

inline constexpr db::Statement kClearUserSagas{"clear_user_sagas", R"sql(
  DELETE FROM user_sagas WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM user_sagas WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

inline constexpr db::Statement kClearUsers{"clear_users", R"sql(
  DELETE FROM users WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM users WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

inline constexpr const db::Statement* kAllOfTenants[] = {&kInsertFirstUser, &kClearUserSagas,
                                                         &kClearUsers};

}  // namespace usher::user::sql
