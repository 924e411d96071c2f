// Every statement of foundings and destructions, in the order of the store's methods. States: 1
// being founded, 2 active, 3 being destroyed. What is under way stands in the shared table of sagas
// (common/saga/saga_table.h).
#pragma once

#include "common/db/statement.h"

namespace usher::company::sql {

inline constexpr db::Statement kInsertUnseenCompany{"insert_unseen_company", R"sql(
  INSERT INTO companies (company_id, display_name, owner_email, owner_id, branding_enabled,
    branding_title, navbar_background, logo_url, logo_alternative_url, logo_height, logo_width,
    metadata, customer_id, plan_id, logo_square_48_url, logo_square_96_url, state)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1)
  ON CONFLICT (company_id) DO NOTHING RETURNING company_id
)sql"};

inline constexpr db::Statement kLockState{"lock_state", R"sql(
  SELECT state FROM companies WHERE company_id = $1 FOR UPDATE
)sql"};

inline constexpr db::Statement kFindOwner{"find_owner", R"sql(
  SELECT owner_id FROM companies WHERE company_id = $1
)sql"};

// From state $3 to state $2.
inline constexpr db::Statement kSetState{"set_state", R"sql(
  UPDATE companies SET state = $2::smallint WHERE company_id = $1 AND state = $3::smallint
)sql"};

inline constexpr db::Statement kRemoveCompany{"remove_company", R"sql(
  DELETE FROM companies WHERE company_id = $1 AND state = $2::smallint
)sql"};

// $1 the company of whoever destroys, $2 the company that is destroyed.
inline constexpr db::Statement kFindSagaState{"find_saga_state", R"sql(
  SELECT state FROM sagas WHERE company_id = $1 AND subject = $2
)sql"};

// Of a saga that was claimed just now: who claims it may undo it, until it is contested again.
inline constexpr db::Statement kSettleContest{"settle_contest", R"sql(
  UPDATE sagas SET state = 0 WHERE company_id = $1 AND subject = $2 AND state = 1
)sql"};

inline constexpr const db::Statement* kAllOfSagas[] = {
    &kInsertUnseenCompany, &kLockState,     &kFindOwner,    &kSetState,
    &kRemoveCompany,       &kFindSagaState, &kSettleContest};

}  // namespace usher::company::sql
