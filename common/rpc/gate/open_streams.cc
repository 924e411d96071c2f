#include "common/rpc/gate/open_streams.h"

#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/rpc/outcome.h"
#include "common/status/reply_error.h"

namespace usher::rpc {
namespace {

// Between two looks at all that there are for the sake of one more: whoever is refused may try
// again and again.
constexpr absl::Duration kBetweenLooksAtAll = absl::Milliseconds(100);

absl::Status Stopping() { return absl::UnavailableError("the server is stopping; try again"); }

}  // namespace

absl::Status OpenStreams::Add(const std::string& key, std::shared_ptr<const Admitted> admitted,
                              std::shared_ptr<StreamSink> sink) {
  const absl::MutexLock lock(&mutex_);
  if (ending_) return Stopping();
  const absl::Time now = absl::Now();
  // Some may have ended since they were last judged.
  if (size_ >= most_ && now >= next_prune_) {
    next_prune_ = now + kBetweenLooksAtAll;
    PruneAll();
  }
  const auto own = by_key_.find(key);
  if (own != by_key_.end() && own->second.size() >= most_of_one_) Prune(own->second);
  if (size_ >= most_ || (own != by_key_.end() && own->second.size() >= most_of_one_)) {
    return Overloaded("open streams");
  }
  by_key_[key].push_back({std::move(admitted), std::move(sink), now});
  ++size_;
  return absl::OkStatus();
}

// In two steps, since to judge and to close takes other locks.
void OpenStreams::Judge(absl::FunctionRef<absl::Status(const Admitted&)> judge) {
  std::vector<Open> all;
  {
    const absl::MutexLock lock(&mutex_);
    PruneAll();
    all.reserve(size_);
    for (const auto& [key, opens] : by_key_) all.insert(all.end(), opens.begin(), opens.end());
  }
  for (const Open& open : all) {
    const absl::Status status = judge(*open.admitted);
    if (!status.ok()) open.sink->Close(OutcomeOf(status));
  }
}

void OpenStreams::EndAll() {
  absl::flat_hash_map<std::string, Opens> all;
  {
    const absl::MutexLock lock(&mutex_);
    ending_ = true;
    all.swap(by_key_);
    size_ = 0;
  }
  for (const auto& [key, opens] : all) {
    for (const Open& open : opens) {
      open.sink->Close(OutcomeOf(Stopping()));
      Tell(open);
    }
  }
}

// Of one that was refused after it had been added, its answer tells.
void OpenStreams::Tell(const Open& open) const {
  const std::string as = open.sink->ended_as();
  if (!as.empty()) ended_(*open.admitted->call, absl::Now() - open.since, as);
}

size_t OpenStreams::size() const {
  const absl::MutexLock lock(&mutex_);
  return size_;
}

void OpenStreams::Prune(Opens& of_one) {
  for (auto it = of_one.begin(); it != of_one.end();) {
    if (!it->sink->closed()) {
      ++it;
      continue;
    }
    Tell(*it);
    it = of_one.erase(it);
    --size_;
  }
}

void OpenStreams::PruneAll() {
  for (auto it = by_key_.begin(); it != by_key_.end();) {
    Prune(it->second);
    if (it->second.empty()) {
      by_key_.erase(it++);
    } else {
      ++it;
    }
  }
}

}  // namespace usher::rpc
