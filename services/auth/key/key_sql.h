// Every statement about keys, in the order of the store's methods.
#pragma once

#include "common/db/statement.h"

namespace usher::auth::sql {

// $1 company, $2 key, $3 state. A row where that is news: a key goes forward, or comes back.
inline constexpr db::Statement kNoteKey{"note_key", R"sql(
  INSERT INTO key_states (company_id, key, state) VALUES ($1, $2, $3::integer)
  ON CONFLICT (company_id, key) DO UPDATE SET state = excluded.state
  WHERE excluded.state > key_states.state OR (excluded.state = 1 AND key_states.state >= 3)
  RETURNING state
)sql"};

inline constexpr const db::Statement* kAllOfKeys[] = {&kNoteKey};

}  // namespace usher::auth::sql
