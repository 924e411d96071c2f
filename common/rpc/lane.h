// Where the body of an rpc runs.
#pragma once

#include "common/rpc/work_queue.h"

namespace usher::rpc {

enum class Lane {
  kInline,  // on the polling thread: must neither block nor compute for long
  kStore,   // on a worker: asks the database and nothing else
  kSlow,    // on a thread that may wait: for a password hash, for another service
};

struct LaneOptions {
  size_t store_threads = 8;
  size_t store_queue = 1024;
  size_t slow_threads = 32;
  size_t slow_queue = 256;
};

// The queues behind the lanes.
struct Lanes {
  explicit Lanes(const LaneOptions& options)
      : store("store", options.store_threads, options.store_queue),
        slow("slow", options.slow_threads, options.slow_queue) {}

  WorkQueue store;
  WorkQueue slow;
};

}  // namespace usher::rpc
