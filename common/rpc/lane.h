// Where the body of an rpc runs.
#pragma once

#include "common/db/pool.h"
#include "common/rpc/work_queue.h"

namespace usher::rpc {

enum class Lane {
  kInline,     // on the polling thread: must neither block nor compute for long
  kStatement,  // on a worker, interleaved with others: waits for nothing but its statements
  kStore,      // on a worker of its own: transactions
  kIntake,
  kList,
  kHash,
  kSlow,  // on a thread that may wait: for a password hash, for another service
};

struct LaneOptions {
  size_t statement_threads = 4;  // each with a connection of its own
  size_t store_threads = 8;
  size_t store_queue = 1024;  // of statements as well
  size_t slow_threads = 32;
  size_t slow_queue = 256;
};

// The queues behind the lanes.
struct Lanes {
  // `database`: where statements go.
  explicit Lanes(const LaneOptions& options, const db::PoolOptions& database = {});

  // Not for kInline, which needs none.
  WorkQueue& Of(Lane lane);
  std::vector<WorkQueue*> All() { return {&statement, &store, &slow, &intake}; }

  WorkQueue statement;
  WorkQueue store;
  WorkQueue slow;
  WorkQueue intake;
};

}  // namespace usher::rpc
