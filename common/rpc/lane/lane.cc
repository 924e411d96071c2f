#include "common/rpc/lane/lane.h"

#include <memory>
#include <utility>

#include "common/db/batch.h"

namespace usher::rpc {
namespace {

// Of lists: an answer may have megabytes, and the others of the batch wait until it is here.
constexpr size_t kListsAtOnce = 4;
constexpr size_t kIntakeThreads = 2;
constexpr size_t kIntakeQueue = 1024;

WorkStyle InBatches(const db::PoolOptions& database, size_t at_once) {
  return {.at_once = at_once, .make_runner = [database]() -> WorkStyle::Runner {
            const auto batch = std::make_shared<db::Batch>(database);
            return [batch](std::vector<db::Batch::Job> jobs) { batch->Run(std::move(jobs)); };
          }};
}

}  // namespace

Lanes::Lanes(const LaneOptions& options, const db::PoolOptions& database)
    : statement("statement", options.statement_threads, options.store_queue,
                InBatches(database, db::Batch::kMostJobs)),
      list("list", options.list_threads, options.store_queue, InBatches(database, kListsAtOnce)),
      store("store", options.store_threads, options.store_queue),
      slow("slow", options.slow_threads, options.slow_queue),
      hash("hash", options.hash_threads, options.hash_threads == 0 ? 0 : options.hash_queue),
      directory("directory", options.directory_threads,
                options.directory_threads == 0 ? 0 : options.directory_queue),
      intake("intake", kIntakeThreads, kIntakeQueue) {}

WorkQueue& Lanes::Of(Lane lane) {
  switch (lane) {
    case Lane::kStatement:
      return statement;
    case Lane::kList:
      return list;
    case Lane::kSlow:
      return slow;
    case Lane::kHash:
      return hash;
    case Lane::kDirectory:
      return directory;
    case Lane::kIntake:
      return intake;
    default:
      return store;
  }
}

}  // namespace usher::rpc
