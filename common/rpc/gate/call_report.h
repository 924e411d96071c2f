// What is said of every call: one log line, one set of metrics.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "common/rpc/outcome.h"

namespace usher::rpc {

// The metrics of one method. Thread-safe.
class MethodMetrics {
 public:
  MethodMetrics(prometheus::Registry& registry, const std::string& rpc);
  void Count(const std::string& code, absl::Duration took);

 private:
  const std::string rpc_;
  prometheus::Family<prometheus::Counter>& calls_;
  prometheus::Histogram& seconds_;
  prometheus::Counter& ok_calls_;  // by far the most: without a look-up
  absl::Mutex mutex_;
  std::map<std::string, prometheus::Counter*> by_code_ ABSL_GUARDED_BY(mutex_);
};

// Counts how streams ended. Thread-safe.
class StreamMetrics {
 public:
  explicit StreamMetrics(prometheus::Registry& registry);
  // And writes the log line.
  void Report(const CallContext& call, absl::Duration open, const std::string& as);

 private:
  prometheus::Family<prometheus::Counter>& ended_;
};

// Writes the log line and counts. Knows what must not be logged: of the call it takes IDs and
// codes; of the outcome the text only where it stays inside (faults of ours).
void Report(const CallContext& call, const Outcome& outcome, absl::Time started,
            MethodMetrics& metrics);

}  // namespace usher::rpc
