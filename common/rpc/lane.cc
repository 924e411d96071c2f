#include "common/rpc/lane.h"

#include <memory>
#include <utility>

#include "common/db/batch.h"

namespace usher::rpc {
namespace {

WorkStyle InBatches(const db::PoolOptions& database) {
  return {.at_once = db::Batch::kMostJobs, .make_runner = [database]() -> WorkStyle::Runner {
            const auto batch = std::make_shared<db::Batch>(database);
            return [batch](std::vector<db::Batch::Job> jobs) { batch->Run(std::move(jobs)); };
          }};
}

}  // namespace

Lanes::Lanes(const LaneOptions& options, const db::PoolOptions& database)
    : statement("statement", options.statement_threads, options.store_queue, InBatches(database)),
      store("store", options.store_threads, options.store_queue),
      slow("slow", options.slow_threads, options.slow_queue),
      intake("intake", 2, 1024) {}

WorkQueue& Lanes::Of(Lane lane) {
  switch (lane) {
    case Lane::kStatement:
      return statement;
    case Lane::kList:
      return statement;
    case Lane::kIntake:
      return intake;
    case Lane::kHash:
    case Lane::kSlow:
      return slow;
    default:
      return store;
  }
}

}  // namespace usher::rpc
