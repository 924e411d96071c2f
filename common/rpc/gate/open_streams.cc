#include "common/rpc/gate/open_streams.h"

#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/rpc/outcome.h"
#include "common/status/reply_error.h"

namespace usher::rpc {
namespace {

absl::Status Stopping() { return absl::UnavailableError("the server is stopping; try again"); }

}  // namespace

absl::Status OpenStreams::Add(const std::string& key, std::shared_ptr<const Admitted> admitted,
                              std::shared_ptr<StreamSink> sink) {
  const absl::MutexLock lock(&mutex_);
  if (ending_) return Stopping();
  const auto is_full = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto found = by_key_.find(key);
    return open_.size() >= most_ || (found != by_key_.end() && found->second >= most_of_one_);
  };
  if (is_full()) Prune();  // some may have ended since they were last judged
  if (is_full()) return Overloaded("open streams");
  ++by_key_[key];
  open_.push_back({key, std::move(admitted), std::move(sink), absl::Now()});
  return absl::OkStatus();
}

// In two steps, since to judge and to close takes other locks.
void OpenStreams::Judge(absl::FunctionRef<absl::Status(const Admitted&)> judge) {
  std::vector<Open> all;
  {
    const absl::MutexLock lock(&mutex_);
    Prune();
    all.assign(open_.begin(), open_.end());
  }
  for (const Open& open : all) {
    const absl::Status status = judge(*open.admitted);
    if (!status.ok()) open.sink->Close(OutcomeOf(status));
  }
}

void OpenStreams::EndAll() {
  std::list<Open> all;
  {
    const absl::MutexLock lock(&mutex_);
    ending_ = true;
    all.swap(open_);
    by_key_.clear();
  }
  for (const Open& open : all) {
    open.sink->Close(OutcomeOf(Stopping()));
    Tell(open);
  }
}

// Of one that was refused after it had been added, its answer tells.
void OpenStreams::Tell(const Open& open) const {
  const std::string as = open.sink->ended_as();
  if (!as.empty()) ended_(*open.admitted->call, absl::Now() - open.since, as);
}

size_t OpenStreams::size() const {
  const absl::MutexLock lock(&mutex_);
  return open_.size();
}

void OpenStreams::Prune() {
  for (auto it = open_.begin(); it != open_.end();) {
    if (!it->sink->closed()) {
      ++it;
      continue;
    }
    Tell(*it);
    const auto found = by_key_.find(it->key);
    if (--found->second == 0) by_key_.erase(found);
    it = open_.erase(it);
  }
}

}  // namespace usher::rpc
