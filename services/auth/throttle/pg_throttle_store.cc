#include "services/auth/throttle/pg_throttle_store.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/db/brief_transaction.h"
#include "common/status/try.h"
#include "services/auth/throttle/throttle_sql.h"

namespace usher::auth {
namespace {

// Some milliseconds of work for the database.
constexpr int64_t kForgottenAtOnce = 1000;

db::Param KeyParam(const std::string& key) {
  return key.empty() ? db::Param(std::nullopt) : db::Param(key);
}

std::vector<db::Param> KeyParams(const GuessKeys& keys) {
  return {keys.company.value(), KeyParam(keys.pair), KeyParam(keys.account), KeyParam(keys.source)};
}

std::optional<absl::Time> TimeOf(const db::Row& row, int column) {
  if (row.IsNull(column)) return std::nullopt;
  return row.Micros(column);
}

// Three columns from `first` on.
GuessRow GuessRowOf(const db::Row& row, int first) {
  return {.failures = row.Int(first),
          .free_at = TimeOf(row, first + 1),
          .right_at = TimeOf(row, first + 2)};
}

struct Named {
  const std::string& key;
  GuessRow* row;
};

std::array<Named, 3> NamedRows(const GuessKeys& keys, GuessState* state) {
  return {
      {{keys.pair, &state->pair}, {keys.account, &state->account}, {keys.source, &state->source}}};
}

GuessState LockedOf(const db::Rows& rows, const GuessKeys& keys) {
  GuessState state;
  state.read_at = absl::InfinitePast();
  for (size_t i = 0; i < rows.size(); ++i) {
    const db::Row row = rows[i];
    for (const Named& named : NamedRows(keys, &state)) {
      if (!named.key.empty() && named.key == row.View(0)) *named.row = GuessRowOf(row, 1);
    }
    state.read_at = std::max(state.read_at, row.Micros(4));  // after all locks
  }
  return state;
}

std::string InSql(const std::optional<absl::Time>& time) {
  return time.has_value() ? absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", *time, absl::UTCTimeZone())
                          : "-infinity";
}

std::vector<db::Param> WriteParams(const GuessKeys& keys, GuessState state) {
  std::vector<std::string> names, failures, free_at, right_at, forget_at;
  for (const Named& named : NamedRows(keys, &state)) {
    if (named.key.empty()) continue;
    names.push_back(named.key);
    failures.push_back(absl::StrCat(named.row->failures));
    free_at.push_back(InSql(named.row->free_at));
    right_at.push_back(InSql(named.row->right_at));
    forget_at.push_back(InSql(named.row->forget_at));
  }
  return {keys.company.value(),      db::Param::Array(names),    db::Param::Array(failures),
          db::Param::Array(free_at), db::Param::Array(right_at), db::Param::Array(forget_at)};
}

}  // namespace

absl::StatusOr<GuessState> PgThrottleStore::Read(const CallContext& call, const GuessKeys& keys) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kReadGuesses, KeyParams(keys)));
  GuessState state;
  state.pair = GuessRowOf(rows[0], 0);
  state.account = GuessRowOf(rows[1], 0);
  state.source = GuessRowOf(rows[2], 0);
  state.read_at = rows[2].Micros(3);
  return state;
}

absl::Status PgThrottleStore::Change(const CallContext& call, const GuessKeys& keys,
                                     const GuessRule& rule) {
  if (keys.pair.empty() && keys.account.empty() && keys.source.empty()) return absl::OkStatus();
  return db::InBriefTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kLockGuesses, KeyParams(keys)));
    ASSIGN_OR_RETURN(const GuessState state, rule(LockedOf(rows, keys)));
    return tx.Execute(sql::kWriteGuesses, WriteParams(keys, state)).status();
  });
}

absl::StatusOr<bool> PgThrottleStore::Forget(const CallContext& call, uint64_t most) {
  ASSIGN_OR_RETURN(const db::Rows forgotten,
                   db::Execute(call, pool_, sql::kForgetGuesses, {kForgottenAtOnce}));
  if (forgotten.affected() > 0) return true;
  ASSIGN_OR_RETURN(const db::Rows counted, db::Execute(call, pool_, sql::kCountGuesses, {}));
  const auto rows = static_cast<uint64_t>(counted[0].Int(0));
  if (rows <= most) return false;
  // Ten pieces at once: it begins by sorting all of them.
  const auto beyond = std::min<int64_t>(static_cast<int64_t>(rows - most), 10 * kForgottenAtOnce);
  RETURN_IF_ERROR(db::Execute(call, pool_, sql::kTrimGuesses, {beyond}).status());
  return true;
}

}  // namespace usher::auth
