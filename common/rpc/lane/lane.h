// Where the body of an rpc runs.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "common/db/pool.h"
#include "common/rpc/lane/work_queue.h"

namespace usher::rpc {

// Told apart by what a body waits for, so that what waits for one thing never keeps from its thread
// what waits for another.
enum class Lane {
  kInline,     // on the polling thread: must neither block nor compute for long
  kStatement,  // on a worker, interleaved with others: waits for nothing but its statements
  kList,       // the same for statements with large answers, on connections of its own
  kStore,      // on a worker of its own: transactions
  kSlow,       // on a thread that may wait: for another service
  kHash,       // on a thread that waits for a slow hash, and else for its statements only
  kDirectory,  // on a thread that may wait: for a company's directory of people
  kIntake,     // what has to be done before there is a body: large requests, unknown tokens
};

struct LaneOptions {
  size_t statement_threads = 4;  // each with a connection of its own
  size_t store_threads = 8;
  size_t store_queue = 1024;  // of statements and lists as well
  size_t slow_threads = 32;
  size_t slow_queue = 256;
  size_t list_threads = 2;  // each with a connection of its own
  // 0: nobody hashes here, and there is no such lane.
  size_t hash_threads = 0;
  size_t hash_queue = 256;
  // 0: nobody asks directories here, and there is no such lane.
  size_t directory_threads = 0;
  size_t directory_queue = 256;
};

// The queues behind the lanes.
struct Lanes {
  // `database`: where statements go.
  explicit Lanes(const LaneOptions& options, const db::PoolOptions& database = {});

  // Not for kInline, which needs none.
  WorkQueue& Of(Lane lane);
  // For metrics.
  std::array<const WorkQueue*, 7> All() const {
    return {&statement, &list, &store, &slow, &hash, &directory, &intake};
  }

  WorkQueue statement;
  WorkQueue list;
  WorkQueue store;
  WorkQueue slow;
  WorkQueue hash;  // its owner sets its capacity to what can be hashed in a second
  WorkQueue directory;
  WorkQueue intake;
  // Calls that went to any of them, or none, but not to hash.
  std::atomic<uint64_t> without_hash{0};
};

}  // namespace usher::rpc
