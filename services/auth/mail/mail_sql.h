// Every statement about the outbox, in the order of the store's methods.
#pragma once

#include "common/db/statement.h"

namespace usher::auth::sql {

inline constexpr db::Statement kInsertMail{"insert_mail", R"sql(
  INSERT INTO mail_outbox (company_id, mail_id, kind, state, user_id, recipient, language, username, link,
                           good_for)
  VALUES ($1, $2, $3::smallint, least($3::smallint, 1), $4, $5, $6, $7, $8, $9::bigint * interval '1 microsecond')
)sql"};

// Of all companies: the platform's own work. Claims that run at the same time pass each other by.
// $1: the lease in microseconds.
inline constexpr db::Statement kClaimMail{"claim_mail", R"sql(
  UPDATE mail_outbox
  SET attempts = attempts + 1,
      due_at = clock_timestamp() + $1::bigint * interval '1 microsecond'
  WHERE (company_id, mail_id) = (
    SELECT company_id, mail_id FROM mail_outbox
    WHERE state = 1 AND due_at <= clock_timestamp()
    ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING company_id, mail_id, kind, user_id, recipient, language, username, link,
            (extract(epoch FROM good_for) * 1000000)::bigint, attempts,
            (extract(epoch FROM clock_timestamp() - queued_at) * 1000000)::bigint
)sql"};

inline constexpr db::Statement kFinishMail{"finish_mail", R"sql(
  DELETE FROM mail_outbox WHERE company_id = $1 AND mail_id = $2
)sql"};

inline constexpr db::Statement kPostponeMail{"postpone_mail", R"sql(
  UPDATE mail_outbox
  SET due_at = clock_timestamp() + $4::bigint * interval '1 microsecond', last_error = $5
  WHERE company_id = $1 AND mail_id = $2 AND attempts = $3 AND state = 1
)sql"};

inline constexpr db::Statement kBuryMail{"bury_mail", R"sql(
  UPDATE mail_outbox SET state = 2, due_at = clock_timestamp(), last_error = $4
  WHERE company_id = $1 AND mail_id = $2 AND attempts = $3 AND state = 1
)sql"};

// Of all companies: for the operator.
inline constexpr db::Statement kListMails{"list_mails", R"sql(
  SELECT mail_id, company_id, user_id, kind, state = 2, attempts,
         (extract(epoch FROM queued_at) * 1000000)::bigint,
         (extract(epoch FROM due_at) * 1000000)::bigint, last_error
  FROM mail_outbox WHERE state <> 0 ORDER BY queued_at, mail_id LIMIT $1::bigint
)sql"};

inline constexpr db::Statement kSendAgain{"send_mail_again", R"sql(
  UPDATE mail_outbox
  SET state = 1, attempts = 0, due_at = clock_timestamp(), queued_at = clock_timestamp()
  WHERE mail_id = $1 AND state <> 0
  RETURNING company_id
)sql"};

inline constexpr db::Statement kCountMails{"count_mails", R"sql(
  SELECT count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE state = 2),
         coalesce((extract(epoch FROM clock_timestamp() - min(queued_at) FILTER (WHERE state = 1))
                   * 1000000)::bigint, 0)
  FROM mail_outbox WHERE state <> 0
)sql"};

inline constexpr db::Statement kForgetDecoys{"forget_mail_decoys", R"sql(
  DELETE FROM mail_outbox WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM mail_outbox WHERE state = 0 LIMIT 1000 FOR UPDATE SKIP LOCKED))
)sql"};

// $1: for how long they have been dead, in microseconds.
inline constexpr db::Statement kForgetDeadMails{"forget_dead_mails", R"sql(
  DELETE FROM mail_outbox WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM mail_outbox
    WHERE state = 2 AND due_at < clock_timestamp() - $1::bigint * interval '1 microsecond'
    LIMIT 1000 FOR UPDATE SKIP LOCKED))
)sql"};

inline constexpr const db::Statement* kAllOfMails[] = {
    &kInsertMail, &kClaimMail, &kFinishMail, &kPostponeMail, &kBuryMail,
    &kListMails,  &kSendAgain, &kCountMails, &kForgetDecoys, &kForgetDeadMails};

}  // namespace usher::auth::sql
