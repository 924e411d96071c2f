// A thread that reads what is new, for all who follow it in this process.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/attempts.h"
#include "common/base/call_context.h"
#include "common/base/clock.h"
#include "services/room/feed/feed_reader.h"
#include "services/room/feed/topic.h"

namespace usher::room {

struct FeedOptions {
  std::string name;           // "chat feed": in the log, in metrics, and of its calls
  size_t topics_at_once = 1;  // in one statement, in which nobody else is told anything
  absl::Duration retry = absl::Milliseconds(300);  // after a failure
  prometheus::Registry* registry = nullptr;        // as in Attempts
};

// What there is stands in tables, and nothing relies on being called: it says when to look. Topics
// that were called are read at once, company by company; to look everywhere is done beside that,
// one statement at a time. A failure loses nothing, and where it is one company's the others go on.
class Feed {
 public:
  // Both must outlive it.
  Feed(FeedReader& reader, const Clock& clock, FeedOptions options);
  ~Feed();  // waits for a statement at most

  // Thread-safe, as the next one; none of them waits.
  void Look(const Topic& topic);
  void LookEverywhere();

  // The thread. Without it nothing is read.
  void Start();

  // One round of the thread: everything that is due. Answers when the next one is, if nobody calls
  // before.
  absl::Time Round();

  // For one statement of the reader.
  CallContext NewCall() const;

 private:
  void Run();
  bool IsWanted() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void TakeIn();
  absl::StatusOr<absl::Time> DoWhatIsDue();
  absl::Status ReadCalled();
  absl::Status ReadSomeOfTheRest();
  absl::Status Read(const std::vector<Topic>& topics);

  FeedReader& reader_;
  const Clock& clock_;
  const FeedOptions options_;
  const std::shared_ptr<std::atomic<bool>> ending_ = std::make_shared<std::atomic<bool>>(false);

  // The thread's own.
  Attempts attempts_;
  std::set<Topic> news_;  // was called
  std::set<Topic> rest_;  // is to be looked at beside that
  Topic failed_;          // the last that could not be read; none: a topic before all others

  mutable absl::Mutex mutex_;
  std::set<Topic> called_ ABSL_GUARDED_BY(mutex_);
  bool everywhere_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace usher::room
