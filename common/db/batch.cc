#include "common/db/batch.h"

#include <utility>

namespace usher::db {
namespace {

thread_local Batch* current = nullptr;

}  // namespace

Batch* Batch::Current() { return Fiber::Running() == nullptr ? nullptr : current; }

void Batch::Run(std::vector<Job> jobs) {
  Batch* const outer = std::exchange(current, this);
  while (fibers_.size() < jobs.size()) fibers_.push_back(std::make_unique<Fiber>());
  for (size_t i = 0; i < jobs.size(); ++i) fibers_[i]->Start(std::move(jobs[i]));
  while (!asked_.empty()) {
    const std::vector<Asked*> round = std::exchange(asked_, {});
    pipeline_.Ask({round.begin(), round.end()},
                  [](Question& question) { static_cast<Asked&>(question).fiber->Resume(); });
  }
  current = outer;
}

absl::StatusOr<Rows> Batch::Ask(const Statement& statement, const std::vector<Param>& params,
                                absl::Time deadline) {
  Asked asked;
  asked.statement = &statement;
  asked.params = &params;
  asked.deadline = deadline;
  asked.fiber = Fiber::Running();
  asked_.push_back(&asked);
  asked.fiber->Pause();
  return std::move(asked.answer);
}

}  // namespace usher::db
