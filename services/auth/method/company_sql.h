// Every statement about companies as auth knows them, in the order of the store's methods. Status:
// 1 active, 2 switched off, 3 destroyed.
#pragma once

#include "common/db/statement.h"

namespace usher::auth::sql {

// Whoever founds a company, or rules a founding out, takes this lock first, so that two find out
// about each other. 1668246903 is "cofo" in ASCII, to keep clear of other locks.
inline constexpr db::Statement kLockFounding{"lock_founding", R"sql(
  SELECT pg_advisory_xact_lock(hashtextextended($1::text, 1668246903))
)sql"};

inline constexpr db::Statement kFindGivenUp{"find_given_up", R"sql(
  SELECT 1 FROM given_up_foundings WHERE company_id = $1 AND user_id = $2
)sql"};

inline constexpr db::Statement kFindFounded{"find_founded", R"sql(
  SELECT 1 FROM users WHERE company_id = $1 AND user_id = $2
)sql"};

inline constexpr db::Statement kGiveUpFounding{"give_up_founding", R"sql(
  INSERT INTO given_up_foundings (company_id, user_id) VALUES ($1, $2)
  ON CONFLICT (company_id, user_id) DO NOTHING
)sql"};

inline constexpr db::Statement kFindCompanyStatus{"find_company_status", R"sql(
  SELECT status FROM companies WHERE company_id = $1
)sql"};

inline constexpr db::Statement kLockCompanyStatus{"lock_company_status", R"sql(
  SELECT status FROM companies WHERE company_id = $1 FOR UPDATE
)sql"};

inline constexpr db::Statement kDestroyCompany{"destroy_company", R"sql(
  UPDATE companies SET status = 3 WHERE company_id = $1
)sql"};

// $2: for how many seconds from now on tokens of the company are dead from the start. 3 is COMPANY,
// 2 is ACCOUNT_INACTIVE.
inline constexpr db::Statement kInsertCompanyRevocation{"insert_company_revocation", R"sql(
  INSERT INTO revocations (company_id, kind, subject, issued_until, reason)
  VALUES ($1, 3, '', clock_timestamp() + $2::bigint * interval '1 second', 2)
  RETURNING sequence, kind, company_id, subject,
            (extract(epoch FROM issued_until) * 1000000)::bigint, reason
)sql"};

inline constexpr db::Statement kClearSessions{"clear_sessions", R"sql(
  DELETE FROM sessions WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM sessions WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

inline constexpr db::Statement kClearEndings{"clear_endings", R"sql(
  DELETE FROM ended_sessions WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM ended_sessions WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

inline constexpr db::Statement kClearMethods{"clear_methods", R"sql(
  DELETE FROM methods WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM methods WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

inline constexpr db::Statement kClearGuesses{"clear_guesses", R"sql(
  DELETE FROM guesses WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM guesses WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

inline constexpr db::Statement kClearUsers{"clear_users", R"sql(
  DELETE FROM users WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM users WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

inline constexpr db::Statement kClearResets{"clear_resets", R"sql(
  DELETE FROM password_resets WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM password_resets WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

inline constexpr db::Statement kClearMails{"clear_mails", R"sql(
  DELETE FROM mail_outbox WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM mail_outbox WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

inline constexpr db::Statement kClearUses{"clear_uses", R"sql(
  DELETE FROM method_uses WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM method_uses WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

inline constexpr db::Statement kClearLinks{"clear_links", R"sql(
  DELETE FROM company_links WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM company_links WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

inline constexpr db::Statement kClearMoves{"clear_moves", R"sql(
  DELETE FROM moved_sessions WHERE company_id = $1 AND ctid = ANY (ARRAY(
    SELECT ctid FROM moved_sessions WHERE company_id = $1 LIMIT $2::bigint))
)sql"};

// At most one; the limit counts for nothing here.
inline constexpr db::Statement kClearCompany{"clear_company", R"sql(
  DELETE FROM companies WHERE company_id = $1 AND status = 3 AND $2::bigint > 0
)sql"};

// What comes later than this comes never: no call is on its way for a day. Of all companies.
inline constexpr db::Statement kForgetGivenUp{"forget_given_up", R"sql(
  DELETE FROM given_up_foundings WHERE created_at < $1
)sql"};

inline constexpr const db::Statement* kAllOfCompanies[] = {
    &kLockFounding,      &kFindGivenUp,       &kFindFounded,    &kGiveUpFounding,
    &kFindCompanyStatus, &kLockCompanyStatus, &kDestroyCompany, &kInsertCompanyRevocation,
    &kClearSessions,     &kClearEndings,      &kClearMethods,   &kClearUsers,
    &kClearGuesses,      &kClearResets,       &kClearMails,     &kClearUses,
    &kClearLinks,        &kClearMoves,        &kClearCompany,   &kForgetGivenUp};

}  // namespace usher::auth::sql
