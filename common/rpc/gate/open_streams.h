// The streams that are open, and under whose name.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "common/rpc/call/stream.h"
#include "common/rpc/gate/method.h"

namespace usher::rpc {

// Thread-safe.
class OpenStreams {
 public:
  // Hears of a stream that is over: how long it was open, and StreamSink::ended_as.
  using Ended =
      std::function<void(const CallContext& call, absl::Duration open, const std::string& as)>;

  // How many there may be, and of one caller. `ended` is called within a second or so of an end, by
  // whoever calls Add, Judge or EndAll; it must not call back.
  OpenStreams(size_t most, size_t most_of_one, Ended ended)
      : most_(most), most_of_one_(most_of_one), ended_(std::move(ended)) {}

  // Overloaded when there are too many, of all or under this key; kUnavailable once all were ended.
  absl::Status Add(const std::string& key, std::shared_ptr<const Admitted> admitted,
                   std::shared_ptr<StreamSink> sink);

  // Asks `judge` about each of them and ends those that it does not answer OK for. `judge` looks a
  // token up; it must not call back.
  void Judge(absl::FunctionRef<absl::Status(const Admitted&)> judge);

  void EndAll();
  size_t size() const;

 private:
  struct Open {
    std::shared_ptr<const Admitted> admitted;
    std::shared_ptr<StreamSink> sink;
    absl::Time since;
  };

  using Opens = std::list<Open>;

  void Tell(const Open& open) const;
  // Forget those that have ended: one caller's, or all.
  void Prune(Opens& of_one) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void PruneAll() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t most_;
  const size_t most_of_one_;
  const Ended ended_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Opens> by_key_ ABSL_GUARDED_BY(mutex_);
  size_t size_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time next_prune_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();  // by Add, of all
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace usher::rpc
