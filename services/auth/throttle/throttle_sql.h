// Every statement about guesses, in the order of the store's methods. The rows of sources have no
// company: they count for all of them, and their company_id is ''.
#pragma once

#include "common/db/statement.h"

namespace usher::auth::sql {

// $1 company; the keys: $2 pair, $3 account, $4 source, NULL where there is none. Answers a row for
// each in this order, and in each the time.
inline constexpr db::Statement kReadGuesses{"read_guesses", R"sql(
  SELECT g.failures, (extract(epoch FROM g.free_at) * 1000000)::bigint,
         (extract(epoch FROM g.right_at) * 1000000)::bigint,
         (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
  FROM (VALUES (1, $1::text, $2::uuid), (2, $1::text, $3::uuid), (3, '', $4::uuid))
    AS asked (place, company_id, key)
  LEFT JOIN guesses g ON g.company_id = asked.company_id AND g.key = asked.key
  ORDER BY asked.place
)sql"};

// Makes the rows that are not there, and locks all of them: pairs before accounts before sources,
// so that no two guesses wait for each other. Not worth a flush of the log at COMMIT: what a crash
// of the database forgets is the last second.
inline constexpr db::Statement kLockGuesses{"lock_guesses", R"sql(
  WITH hurried AS MATERIALIZED (
    SELECT set_config('synchronous_commit', 'off', true) AS value
  )
  INSERT INTO guesses (company_id, key, forget_at)
  SELECT asked.company_id, asked.key, now() + interval '1 hour'
  FROM (VALUES (1, $1::text, $2::uuid), (2, $1::text, $3::uuid), (3, '', $4::uuid))
    AS asked (place, company_id, key)
  JOIN hurried ON hurried.value = 'off'
  WHERE asked.key IS NOT NULL
  ORDER BY asked.place
  ON CONFLICT (company_id, key) DO UPDATE SET failures = guesses.failures
  RETURNING key, failures, (extract(epoch FROM free_at) * 1000000)::bigint,
            (extract(epoch FROM right_at) * 1000000)::bigint,
            (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
)sql"};

// $1 company; of each row: $2 key, $3 failures, $4, $5 and $6 times, of which -infinity is none.
inline constexpr db::Statement kWriteGuesses{"write_guesses", R"sql(
  UPDATE guesses g SET failures = w.failures, free_at = nullif(w.free_at, '-infinity'),
    right_at = nullif(w.right_at, '-infinity'),
    forget_at = greatest(w.forget_at, now())
  FROM unnest($2::uuid[], $3::bigint[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[])
    AS w (key, failures, free_at, right_at, forget_at)
  WHERE g.key = w.key AND g.company_id IN ($1, '')
)sql"};

inline constexpr db::Statement kForgetGuesses{"forget_guesses", R"sql(
  DELETE FROM guesses WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM guesses WHERE forget_at <= clock_timestamp()
    LIMIT $1::bigint FOR UPDATE SKIP LOCKED))
)sql"};

inline constexpr db::Statement kCountGuesses{"count_guesses", R"sql(
  SELECT count(*) FROM guesses
)sql"};

inline constexpr db::Statement kTrimGuesses{"trim_guesses", R"sql(
  DELETE FROM guesses WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM guesses ORDER BY forget_at LIMIT $1::bigint FOR UPDATE SKIP LOCKED))
)sql"};

inline constexpr const db::Statement* kAllOfGuesses[] = {
    &kReadGuesses, &kLockGuesses, &kWriteGuesses, &kForgetGuesses, &kCountGuesses, &kTrimGuesses};

}  // namespace usher::auth::sql
