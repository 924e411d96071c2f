// The table in which each service keeps its sagas, from the statement that begins one to the one
// that ends it. Both stand in the transaction that changes the service's own data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "common/db/pool.h"
#include "common/db/transaction.h"
#include "common/saga/saga.h"

namespace usher::saga {

// Errors of all: sql_error.h.

// Writes down that the call begins something, in state 0. A saga of this subject must not be there:
// kInternal.
absl::Status Begin(db::Transaction& tx, const CallContext& call, const Subject& subject, int kind,
                   absl::Duration lease);

// Moves a saga on, and renews its lease; false when there is none of this kind.
absl::StatusOr<bool> Move(db::Transaction& tx, const Subject& subject, int kind, int state,
                          absl::Duration lease);

// Takes it out: it is completed or undone. What it was; nothing when there is none of this kind, or
// none in this state where one is given.
absl::StatusOr<std::optional<Saga>> Finish(db::Transaction& tx, const Subject& subject, int kind,
                                           std::optional<int> state = std::nullopt);

// Begins this in the place of whatever is under way with the subject, if anything is.
absl::Status Supersede(db::Transaction& tx, const CallContext& call, const Subject& subject,
                       int kind, absl::Duration lease);

// Of all companies: the saga whose lease ran out first, for `lease` from now on, and longer after
// every claim that led to nothing. Nothing when there is none. No two claim the same one.
absl::StatusOr<std::optional<Saga>> Claim(db::Transaction& tx, absl::Duration lease);

// How many are under way, of all companies, and since when the oldest.
struct Backlog {
  int kind = 0;
  int state = 0;
  int64_t count = 0;
  absl::Duration oldest;  // its age
};
absl::StatusOr<std::vector<Backlog>> CountSagas(const CallContext& call, db::Pool& pool);

// One that is under way, for people who look.
struct UnderWay {
  Subject subject;
  int kind = 0;
  int state = 0;
  int attempts = 0;
  std::string rpc;  // whose work it is
  std::string request_id;
  std::string holder;  // host and process of the server that had it last
  absl::Time since;
  absl::Duration age;    // by the database's clock
  absl::Duration lease;  // what is left of it; negative when it is over
};
// Of all companies, the oldest first, `most` of them at most.
absl::StatusOr<std::vector<UnderWay>> ListSagas(const CallContext& call, db::Pool& pool,
                                                int64_t most);

}  // namespace usher::saga
