// Counts of guesses in memory.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/status/try.h"
#include "services/auth/throttle/throttle_store.h"

namespace usher::auth {

// Thread-safe. Held to throttle_store_contract.h, like the real one.
class FakeThrottleStore final : public ThrottleStore {
 public:
  // `clock`: the database's.
  explicit FakeThrottleStore(const Clock& clock) : clock_(clock) {}

  size_t size() const {
    const absl::MutexLock lock(&mutex_);
    return rows_.size();
  }
  // Changes that were made: what a sign-in costs the database besides a look.
  size_t changes() const {
    const absl::MutexLock lock(&mutex_);
    return changes_;
  }
  // As if the database was away.
  void FailWith(absl::Status failure) { failure_ = std::move(failure); }

  absl::StatusOr<GuessState> Read(const CallContext& /*call*/, const GuessKeys& keys) override {
    RETURN_IF_ERROR(failure_);
    const absl::MutexLock lock(&mutex_);
    return StateOf(keys);
  }

  absl::Status Change(const CallContext& /*call*/, const GuessKeys& keys,
                      const GuessRule& rule) override {
    RETURN_IF_ERROR(failure_);
    const absl::MutexLock lock(&mutex_);
    ASSIGN_OR_RETURN(const GuessState state, rule(StateOf(keys)));
    ++changes_;
    if (!keys.pair.empty()) rows_[{keys.company.value(), keys.pair}] = state.pair;
    if (!keys.account.empty()) rows_[{keys.company.value(), keys.account}] = state.account;
    if (!keys.source.empty()) rows_[{"", keys.source}] = state.source;
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Forget(const CallContext& /*call*/, uint64_t most) override {
    const absl::MutexLock lock(&mutex_);
    const size_t before = rows_.size();
    std::vector<std::pair<absl::Time, Key>> by_end;
    for (const auto& [key, row] : rows_) {
      by_end.emplace_back(row.forget_at.value_or(absl::InfinitePast()), key);
    }
    std::sort(by_end.begin(), by_end.end());
    for (const auto& [end, key] : by_end) {
      if (end <= clock_.Now() || rows_.size() > most) rows_.erase(key);
    }
    return rows_.size() < before;
  }

 private:
  using Key = std::pair<std::string, std::string>;

  GuessRow RowOf(const std::string& company, const std::string& key) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto found = rows_.find({company, key});
    return found == rows_.end() ? GuessRow() : found->second;
  }
  GuessState StateOf(const GuessKeys& keys) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return {.pair = RowOf(keys.company.value(), keys.pair),
            .account = RowOf(keys.company.value(), keys.account),
            .source = RowOf("", keys.source),
            .read_at = clock_.Now()};
  }

  const Clock& clock_;
  absl::Status failure_;
  mutable absl::Mutex mutex_;
  std::map<Key, GuessRow> rows_ ABSL_GUARDED_BY(mutex_);
  size_t changes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace usher::auth
