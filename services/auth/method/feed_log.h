// What auth tells the other servers about revocations, from memory: what it has read of its own
// database, which it follows like the others follow it.
#pragma once

#include <deque>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/rpc/peer/auth_feed.h"
#include "common/token/feed_state.h"
#include "common/token/revocations.h"

namespace usher::auth {

// Thread-safe. Neither asks the database nor waits for who does, so that the feed of the others
// goes on when every thread and every connection of auth is taken.
class FeedLog {
 public:
  // Entries of one page, and how many one Forget drops: bounded work for the thread that polls.
  static constexpr size_t kLargestPage = 1000;

  // `state`: how far this process is with its own database.
  explicit FeedLog(const token::FeedState& state) : state_(state) {}

  // The next rows of the feed, in order. Rows that are there already are left out.
  void Append(const std::vector<token::Revocation>& rows);

  // Drops the oldest that ended tokens until `horizon`; no token of then lives.
  void Forget(absl::Time horizon);

  // What is known of what came after a position: its age, at most kLargestPage revocations, and
  // whether there are more. No keys. Unreachable until the database was read to its end once.
  absl::StatusOr<rpc::FeedPage> After(int64_t sequence) const;

 private:
  const token::FeedState& state_;
  mutable absl::Mutex mutex_;
  std::deque<token::Revocation> rows_ ABSL_GUARDED_BY(mutex_);  // by sequence
};

}  // namespace usher::auth
