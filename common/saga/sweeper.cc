#include "common/saga/sweeper.h"

#include <prometheus/registry.h>

#include <utility>

#include "absl/time/clock.h"
#include "common/status/try.h"

namespace usher::saga {
namespace {

// For all questions of one settling together. Shorter than any lease (LeaseFor).
constexpr absl::Duration kSettlingTime = absl::Seconds(5);

// In one round: one that fails keeps nobody else waiting, and many that fail have a common reason,
// which will be there in a moment as well.
constexpr int kMostFailures = 8;

RepeatingOptions Rhythm(prometheus::Registry* registry) {
  return {.name = "saga sweeper", .period = absl::Seconds(1), .registry = registry};
}

prometheus::Family<prometheus::Gauge>* MakeFamily(prometheus::Registry* registry, const char* name,
                                                  const char* help) {
  if (registry == nullptr) return nullptr;
  return &prometheus::BuildGauge().Name(name).Help(help).Register(*registry);
}

}  // namespace

Sweeper::Sweeper(SweeperOptions options)
    : options_(std::move(options)),
      counts_(MakeFamily(options_.registry, "usher_sagas",
                         "What is under way in two services, by kind and state.")),
      ages_(MakeFamily(options_.registry, "usher_saga_oldest_age_seconds",
                       "How long the oldest of them has been under way.")),
      repeating_(Rhythm(options_.registry), [this] { return Sweep(); }) {}

CallContext Sweeper::OwnCall() const {
  CallContext call;
  call.rpc = "saga.sweep";
  call.request_id = "saga-sweeper";
  call.deadline = absl::Now() + kSettlingTime;
  call.cancelled = repeating_.ending();
  return call;
}

absl::Status Sweeper::Sweep() {
  absl::Status first_failure;
  int failures = 0;
  while (!repeating_.ending()->load()) {
    const absl::StatusOr<bool> settled = options_.settle_one(OwnCall());
    if (!settled.ok()) {
      first_failure.Update(settled.status());
      if (++failures == kMostFailures) return first_failure;
    } else if (!*settled) {
      RETURN_IF_ERROR(ShowBacklog());
      break;
    }
  }
  return first_failure;
}

absl::Status Sweeper::ShowBacklog() {
  if (counts_ == nullptr || options_.count == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<Backlog> all, options_.count(OwnCall()));
  std::map<std::pair<int, int>, Backlog> by_number;
  for (const auto& [kind, kind_name] : options_.kinds) {
    for (const auto& [state, state_name] : options_.states) by_number[{kind, state}] = {};
  }
  for (const Backlog& backlog : all) by_number[{backlog.kind, backlog.state}] = backlog;
  for (const auto& [number, backlog] : by_number) {
    const std::map<std::string, std::string> labels = {
        {"kind", NameOf(options_.kinds, number.first)},
        {"state", NameOf(options_.states, number.second)}};
    counts_->Add(labels).Set(static_cast<double>(backlog.count));
    ages_->Add(labels).Set(absl::ToDoubleSeconds(backlog.oldest));
  }
  return absl::OkStatus();
}

}  // namespace usher::saga
