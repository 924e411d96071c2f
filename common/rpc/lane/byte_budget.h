// How many bytes calls may hold at once: in all, strangers together, and each caller.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/lane/standing.h"

namespace usher::rpc {

// Thread-safe. Outlives what was taken from it.
class ByteBudget {
 public:
  // `most_of_one`: of what is asked for under one key.
  ByteBudget(size_t most, size_t most_of_one) : most_(most), most_of_one_(most_of_one) {}

  // Bytes that are given back when this is deleted.
  class Share {
   public:
    Share(ByteBudget& budget, std::string key, size_t bytes, Standing standing)
        : budget_(budget), key_(std::move(key)), bytes_(bytes), standing_(standing) {}
    ~Share() { budget_.GiveBack(key_, bytes_, standing_); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

   private:
    ByteBudget& budget_;
    const std::string key_;
    const size_t bytes_;
    const Standing standing_;
  };

  // Null when it does not fit; for strangers, when it does not fit into what they may hold together
  // (RoomOfStrangers). Who holds nothing gets something however large, as long as it fits there:
  // `most_of_one` keeps one caller from holding much, not from asking once.
  std::unique_ptr<Share> TryTake(absl::string_view key, size_t bytes, Standing standing);

  size_t taken() const;

 private:
  void GiveBack(const std::string& key, size_t bytes, Standing standing);

  const size_t most_;
  const size_t most_of_one_;
  mutable absl::Mutex mutex_;
  size_t taken_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t of_strangers_ ABSL_GUARDED_BY(mutex_) = 0;  // of these
  absl::flat_hash_map<std::string, size_t> by_key_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::rpc
