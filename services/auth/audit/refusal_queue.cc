#include "services/auth/audit/refusal_queue.h"

#include <utility>
#include <vector>

#include "absl/time/clock.h"

namespace usher::auth {
namespace {

constexpr absl::Duration kLongestFlush = absl::Seconds(2);

prometheus::Counter& DroppedIn(prometheus::Registry& registry) {
  return prometheus::BuildCounter()
      .Name("usher_audit_refusals_dropped_total")
      .Help("Refused sign-ins that are in no audit row, as there were too many")
      .Register(registry)
      .Add({});
}

RepeatingOptions Rhythm(prometheus::Registry& registry) {
  return {.name = "refusal audit",
          .period = absl::Seconds(1),
          .longest_retry = absl::Seconds(1),
          .registry = &registry};
}

}  // namespace

RefusalQueue::RefusalQueue(AuditStore& store, prometheus::Registry& registry)
    : store_(store),
      dropped_(DroppedIn(registry)),
      repeating_(Rhythm(registry), [this] { return Flush(); }) {}

RefusalQueue::~RefusalQueue() { Flush().IgnoreError(); }

void RefusalQueue::Note(const CallContext& call, Refusal refusal) {
  Kind kind{refusal.company.value(), refusal.object, refusal.detail,
            refusal.outcome,         call.rpc,       call.peer};
  const absl::MutexLock lock(&mutex_);
  if (const auto found = waiting_.find(kind); found != waiting_.end()) {
    ++found->second.times;
    return;
  }
  if (waiting_.size() >= kMost) {
    dropped_.Increment();
    return;
  }
  waiting_.emplace(std::move(kind), RefusalRow{.refusal = std::move(refusal),
                                               .actor = call.user,
                                               .rpc = call.rpc,
                                               .request_id = call.request_id,
                                               .peer = call.peer});
}

absl::Status RefusalQueue::Flush() {
  std::map<Kind, RefusalRow> taken;
  {
    const absl::MutexLock lock(&mutex_);
    taken.swap(waiting_);
  }
  if (taken.empty()) return absl::OkStatus();
  std::vector<RefusalRow> rows;
  for (auto& [kind, row] : taken) rows.push_back(std::move(row));
  CallContext call;
  call.rpc = "auth.refusals";
  call.request_id = "refusals";
  call.deadline = absl::Now() + kLongestFlush;
  absl::Status written = store_.Insert(call, rows);
  if (!written.ok()) dropped_.Increment(static_cast<double>(rows.size()));
  return written;
}

}  // namespace usher::auth
