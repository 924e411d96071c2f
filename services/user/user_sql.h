// Every statement of the user service, in the order of the stores' methods. States: 1 being
// created, 2 active, 3 being removed.
#pragma once

#include "common/db/statement.h"

namespace usher::user::sql {

// $2: with metadata, $3: bytes of a reply. Weighs before it reads: answers at least one row, whose
// first column says whether the users fit; if not, none of them is read, and no more of them are
// weighed than could fit at all. A user takes 44 bytes besides the texts at least.
inline constexpr db::Statement kListUsers{"list_users", R"sql(
  SELECT weight.fits, u.user_id, u.email, u.firstname, u.lastname, u.title,
         CASE WHEN $2 THEN u.metadata END, u.ui_language, u.spoken_languages
  FROM (
    SELECT coalesce(sum(size), 0) <= $3::bigint AS fits
    FROM (SELECT 44 + octet_length(email) + octet_length(firstname) + octet_length(lastname)
                 + octet_length(title) + octet_length(ui_language)
                 + octet_length(spoken_languages)
                 + CASE WHEN $2 THEN metadata_size ELSE 0 END AS size
          FROM users
          WHERE company_id = $1 AND state = 2
          LIMIT $3::bigint / 44 + 1) active
  ) weight
  LEFT JOIN LATERAL (SELECT user_id, email, firstname, lastname, title, metadata, ui_language,
                            spoken_languages
                     FROM users
                     WHERE weight.fits AND company_id = $1 AND state = 2) u ON true
  ORDER BY u.user_id
)sql"};

// Those of $4; else as above.
inline constexpr db::Statement kFindUsers{"find_users", R"sql(
  SELECT weight.fits, u.user_id, u.email, u.firstname, u.lastname, u.title,
         CASE WHEN $2 THEN u.metadata END, u.ui_language, u.spoken_languages
  FROM (
    SELECT coalesce(sum(size), 0) <= $3::bigint AS fits
    FROM (SELECT 44 + octet_length(email) + octet_length(firstname) + octet_length(lastname)
                 + octet_length(title) + octet_length(ui_language)
                 + octet_length(spoken_languages)
                 + CASE WHEN $2 THEN metadata_size ELSE 0 END AS size
          FROM users
          WHERE company_id = $1 AND state = 2 AND user_id = ANY ($4::uuid[])
          LIMIT $3::bigint / 44 + 1) active
  ) weight
  LEFT JOIN LATERAL (SELECT user_id, email, firstname, lastname, title, metadata, ui_language,
                            spoken_languages
                     FROM users
                     WHERE weight.fits AND company_id = $1 AND state = 2 AND user_id = ANY ($4::uuid[])) u ON true
  ORDER BY u.user_id
)sql"};

// An ID takes 38 bytes; else as above.
inline constexpr db::Statement kListUserIds{"list_user_ids", R"sql(
  SELECT weight.fits, u.user_id
  FROM (
    SELECT 38 * count(*) <= $2::bigint AS fits
    FROM (SELECT 1 FROM users WHERE company_id = $1 AND state = 2 LIMIT $2::bigint / 38 + 1) active
  ) weight
  LEFT JOIN LATERAL (SELECT user_id FROM users
                     WHERE weight.fits AND company_id = $1 AND state = 2) u ON true
  ORDER BY u.user_id
)sql"};

inline constexpr db::Statement kFindUser{"find_user", R"sql(
  SELECT user_id, email, firstname, lastname, title, metadata, ui_language, spoken_languages
  FROM users WHERE company_id = $1 AND user_id = $2 AND state = 2
)sql"};

inline constexpr db::Statement kFindEmailHolder{"find_email_holder", R"sql(
  SELECT state FROM users WHERE company_id = $1 AND email_key = $2 AND user_id <> $3
)sql"};

inline constexpr db::Statement kLockUser{"lock_user", R"sql(
  SELECT user_id, email, firstname, lastname, title, metadata, ui_language, spoken_languages
  FROM users WHERE company_id = $1 AND user_id = $2 AND state = 2 FOR UPDATE
)sql"};

// Whoever takes an address takes this lock first, so that two find out about each other without an
// error. 1970496882 is "user" in ASCII, to keep clear of other locks.
inline constexpr db::Statement kLockEmail{"lock_email", R"sql(
  SELECT pg_advisory_xact_lock(hashtextextended($1::text || ' ' || $2::text, 1970496882))
)sql"};

inline constexpr db::Statement kUpdateUser{"update_user", R"sql(
  UPDATE users SET email = $3, email_key = $4, firstname = $5, lastname = $6, title = $7,
    metadata = $8, ui_language = $9, spoken_languages = $10
  WHERE company_id = $1 AND user_id = $2
)sql"};

// The change and its audit row in one statement.
inline constexpr db::Statement kReplaceProfile{"replace_profile", R"sql(
  WITH changed AS (
    UPDATE users SET firstname = $3, lastname = $4, title = $5
    WHERE company_id = $1 AND user_id = $2 AND state = 2
    RETURNING company_id, user_id
  ), noted AS (
    INSERT INTO audit (company_id, user_id, rpc, object, detail, request_id, peer)
    SELECT company_id, $6::uuid, $7, 'user ' || user_id, 'profile', $8, $9 FROM changed
  )
  SELECT 1 FROM changed
)sql"};

inline constexpr db::Statement kFindState{"find_state", R"sql(
  SELECT state FROM users WHERE company_id = $1 AND user_id = $2
)sql"};

// 3 is a removal of which other services are yet to be told.
inline constexpr db::Statement kFindForgetting{"find_forgetting", R"sql(
  SELECT 1 FROM sagas WHERE company_id = $1 AND subject = $2 AND kind = 3
)sql"};

inline constexpr db::Statement kInsertUser{"insert_user", R"sql(
  INSERT INTO users (company_id, user_id, email, email_key, firstname, lastname, title, metadata,
                     ui_language, spoken_languages, state)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)
  ON CONFLICT (company_id, user_id) DO NOTHING RETURNING user_id
)sql"};

inline constexpr db::Statement kActivateUser{"activate_user", R"sql(
  UPDATE users SET state = 2 WHERE company_id = $1 AND user_id = $2 AND state = $3::smallint
)sql"};

inline constexpr db::Statement kRemoveUnmadeUser{"remove_unmade_user", R"sql(
  DELETE FROM users WHERE company_id = $1 AND user_id = $2 AND state = 1
)sql"};

inline constexpr db::Statement kHideUser{"hide_user", R"sql(
  UPDATE users SET state = 3 WHERE company_id = $1 AND user_id = $2 AND state = 2
)sql"};

inline constexpr db::Statement kRemoveUser{"remove_user", R"sql(
  DELETE FROM users WHERE company_id = $1 AND user_id = $2
)sql"};

// What servers of the release before left behind in the table of their own. Of all companies: the
// platform's own work. The table can be dropped once no such server is left.
inline constexpr db::Statement kAdoptSagas{"adopt_sagas", R"sql(
  WITH left_behind AS (
    DELETE FROM user_sagas WHERE lease_until <= now()
    RETURNING company_id, user_id, kind, lease_until, caller_id, rpc, request_id, idempotency_key,
              created_at
  )
  INSERT INTO sagas (company_id, subject, kind, lease_until, caller, rpc, request_id,
                     idempotency_key, created_at)
  SELECT company_id, user_id::text, kind, lease_until, caller_id, rpc, request_id, idempotency_key,
         created_at
  FROM left_behind
)sql"};

// Of a saga that was claimed just now: who claims it may undo it, until it is contested again.
inline constexpr db::Statement kSettleContest{"settle_contest", R"sql(
  UPDATE sagas SET state = 0 WHERE company_id = $1 AND subject = $2
)sql"};

inline constexpr const db::Statement* kAll[] = {
    &kListUsers,      &kFindUsers,  &kListUserIds,  &kFindUser,         &kFindEmailHolder,
    &kLockUser,       &kLockEmail,  &kUpdateUser,   &kReplaceProfile,   &kFindState,
    &kFindForgetting, &kInsertUser, &kActivateUser, &kRemoveUnmadeUser, &kHideUser,
    &kRemoveUser,     &kAdoptSagas, &kSettleContest};

}  // namespace usher::user::sql
