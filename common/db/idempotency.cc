#include "common/db/idempotency.h"

#include "common/status/reply_error.h"
#include "common/status/try.h"

namespace usher::db {
namespace {

// A key past its 24 hours is taken over as if it were new. The time is that of the row that was to
// be inserted.
constexpr Statement kBindKey{"bind_idempotency_key", R"sql(
  INSERT INTO idempotency_keys (company_id, user_id, rpc, key, request_hash, answer)
  VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (company_id, user_id, rpc, key) DO UPDATE
    SET request_hash = excluded.request_hash, answer = excluded.answer,
        created_at = excluded.created_at
    WHERE excluded.created_at - idempotency_keys.created_at > interval '24 hours'
  RETURNING answer
)sql"};

constexpr Statement kFindKey{"find_idempotency_key", R"sql(
  SELECT request_hash, answer FROM idempotency_keys
  WHERE company_id = $1 AND user_id = $2 AND rpc = $3 AND key = $4
)sql"};

constexpr Statement kFindAnswer{"find_idempotent_answer", R"sql(
  SELECT request_hash, answer FROM idempotency_keys
  WHERE company_id = $1 AND user_id = $2 AND rpc = $3 AND key = $4
    AND created_at >= now() - interval '24 hours'
)sql"};

constexpr Statement kReleaseKey{"release_idempotency_key", R"sql(
  DELETE FROM idempotency_keys
  WHERE company_id = $1 AND user_id = $2 AND rpc = $3 AND key = $4
)sql"};

absl::Status UsedForAnother() {
  return ActionInvalid("this idempotency-key was used with another request");
}

}  // namespace

absl::StatusOr<std::string> BindIdempotencyKey(Transaction& tx, const CallContext& call,
                                               const std::string& answer) {
  if (call.idempotency.key.empty()) return answer;
  const std::string& key = call.idempotency.key;
  ASSIGN_OR_RETURN(const Rows bound, tx.Execute(kBindKey, {call.company, call.user, call.rpc, key,
                                                           call.idempotency.request_hash, answer}));
  if (!bound.empty()) {
    tx.NoteBoundKey(answer);
    return answer;
  }
  ASSIGN_OR_RETURN(const Rows found,
                   tx.Execute(kFindKey, {call.company, call.user, call.rpc, key}));
  // Released between the two statements: the caller's retry will find it free.
  if (found.empty()) return absl::AbortedError("idempotency key was just released");
  if (found[0].View(0) != call.idempotency.request_hash) return UsedForAnother();
  tx.NoteBoundKey(found[0].Text(1));
  return found[0].Text(1);
}

absl::StatusOr<std::optional<std::string>> FindAnswer(const CallContext& call, Pool& pool) {
  using Answer = std::optional<std::string>;
  if (call.idempotency.key.empty()) return Answer();
  ASSIGN_OR_RETURN(
      const Rows found,
      Execute(call, pool, kFindAnswer, {call.company, call.user, call.rpc, call.idempotency.key}));
  if (found.empty()) return Answer();
  if (found[0].View(0) != call.idempotency.request_hash) return UsedForAnother();
  return Answer(found[0].Text(1));
}

absl::StatusOr<bool> IsKeyBound(Transaction& tx, const CallContext& call,
                                const std::string& answer) {
  const IdempotencyKey& key = call.idempotency;
  ASSIGN_OR_RETURN(const Rows bound, tx.Execute(kBindKey, {call.company, call.user, call.rpc,
                                                           key.key, key.request_hash, answer}));
  if (!bound.empty()) return false;  // it was free
  ASSIGN_OR_RETURN(const Rows found,
                   tx.Execute(kFindKey, {call.company, call.user, call.rpc, key.key}));
  // Another call with this key, whose answer is another one, was first.
  return !found.empty() && found[0].View(0) == key.request_hash && found[0].View(1) == answer;
}

absl::Status ReleaseIdempotencyKey(Transaction& tx, const CallContext& call) {
  if (call.idempotency.key.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Rows rows, tx.Execute(kReleaseKey, {call.company, call.user, call.rpc,
                                                             call.idempotency.key}));
  return absl::OkStatus();
}

}  // namespace usher::db
