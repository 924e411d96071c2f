// Runs several calls on one thread, so that what they ask the database travels together.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/fiber.h"
#include "common/db/pipeline.h"
#include "common/db/pool_options.h"

namespace usher::db {

// Each job runs on a stack of its own. Where one executes a statement, the next one goes on; when
// all wait, their statements go out in one round trip, and each goes on when its own answer is
// there. Jobs that wait for anything else, or that
// compute for long, keep the others of their batch waiting. Not thread-safe; a worker has one.
class Batch {
 public:
  using Job = std::function<void()>;  // must not throw

  // Of one round trip. More would not make it cheaper for each, but the first wait longer.
  static constexpr size_t kMostJobs = 16;

  explicit Batch(PoolOptions options) : pipeline_(std::move(options)) {}

  // Runs all of them to their end.
  void Run(std::vector<Job> jobs);

  // The batch of which the calling code is a part; nullptr if none.
  static Batch* Current();

  // Where it asks.
  const std::string& database() const { return pipeline_.options().url; }

  // From inside a job. Errors as in Pipeline::Ask.
  absl::StatusOr<Rows> Ask(const Statement& statement, const std::vector<Param>& params,
                           absl::Time deadline);

 private:
  struct Asked : Question {
    Fiber* fiber = nullptr;  // that waits for the answer
  };

  Pipeline pipeline_;
  std::vector<std::unique_ptr<Fiber>> fibers_;
  std::vector<Asked*> asked_;  // on the stacks of jobs that wait
};

}  // namespace usher::db
