// Refusals on their way into the audit.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/base/repeating.h"
#include "services/auth/audit/audit_store.h"
#include "services/auth/audit/refusals.h"

namespace usher::auth {

// Thread-safe. Keeps refusals for up to a second and writes them together; equal ones (the same
// object, outcome and address) are one row that says how often. What there is no room for is
// dropped and counted: a flood costs the database kMost rows a second, and a crash the last second.
class RefusalQueue final : public Refusals {
 public:
  static constexpr size_t kMost = 200;  // different ones

  RefusalQueue(AuditStore& store, prometheus::Registry& registry);
  // Writes what is there, if the database lets it.
  ~RefusalQueue() override;

  void Start() { repeating_.Start(); }
  void Note(const CallContext& call, Refusal refusal) override ABSL_LOCKS_EXCLUDED(mutex_);
  // Writes what is there. What the database does not take is dropped.
  absl::Status Flush() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // Company, object, detail, outcome, rpc, peer.
  using Kind = std::tuple<std::string, std::string, std::string, int, std::string, std::string>;

  AuditStore& store_;
  prometheus::Counter& dropped_;
  absl::Mutex mutex_;
  std::map<Kind, RefusalRow> waiting_ ABSL_GUARDED_BY(mutex_);
  Repeating repeating_;
};

}  // namespace usher::auth
