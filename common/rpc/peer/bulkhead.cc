#include "common/rpc/peer/bulkhead.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/status/reply_error.h"

namespace usher::rpc {

Bulkhead::Bulkhead(std::string name, BulkheadOptions options, const Clock& clock)
    : name_(std::move(name)), options_(options), clock_(clock) {
  if (options_.registry == nullptr) return;
  const std::map<std::string, std::string> labels = {{"name", name_}};
  inside_gauge_ = &prometheus::BuildGauge()
                       .Name("usher_dependency_waiting")
                       .Help("Threads that wait for another service.")
                       .Register(*options_.registry)
                       .Add(labels);
  shut_gauge_ = &prometheus::BuildGauge()
                     .Name("usher_dependency_shut")
                     .Help("1 while calls to another service are refused, as it does not answer.")
                     .Register(*options_.registry)
                     .Add(labels);
  refused_counter_ = &prometheus::BuildCounter()
                          .Name("usher_dependency_refused_total")
                          .Help("Calls to another service that were refused unasked.")
                          .Register(*options_.registry)
                          .Add(labels);
}

Bulkhead::Place::Place(Place&& other) noexcept
    : bulkhead_(std::exchange(other.bulkhead_, nullptr)),
      probe_(other.probe_),
      entered_(other.entered_),
      end_(other.end_) {}

Bulkhead::Place::~Place() {
  if (bulkhead_ != nullptr) bulkhead_->Leave(*this);
}

bool Bulkhead::IsShut(absl::Time now) const { return shut_ && (now < shut_until_ || probing_); }

absl::Status Bulkhead::RefuseShut() {
  if (refused_counter_ != nullptr) refused_counter_->Increment();
  return Unreachable(name_);
}

absl::StatusOr<Bulkhead::Place> Bulkhead::Enter(absl::Time deadline) {
  const absl::MutexLock lock(&mutex_);
  const absl::Time arrived = clock_.Now();
  if (IsShut(arrived)) return RefuseShut();
  if (inside_ >= options_.most) {
    const auto place_or_shut = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return inside_ < options_.most || IsShut(clock_.Now());
    };
    const absl::Duration patience = std::min(options_.patience, deadline - arrived);
    const bool found = mutex_.AwaitWithTimeout(absl::Condition(&place_or_shut), patience);
    if (IsShut(clock_.Now())) return RefuseShut();
    if (!found) {
      // Nobody came out for so long: that is a time-out too.
      if (patience >= options_.fair_time) NoteTimeout(false);
      if (refused_counter_ != nullptr) refused_counter_->Increment();
      return Overloaded(absl::StrCat("calls to ", name_));
    }
  }
  const bool probe = shut_;
  if (probe) probing_ = true;
  ++inside_;
  Show();
  return Place(*this, probe, clock_.Now());
}

void Bulkhead::NoteTimeout(bool probe) {
  ++timeouts_in_a_row_;
  if (!probe && timeouts_in_a_row_ < options_.timeouts) return;
  if (!shut_) log::Warning(absl::StrCat(name_, " does not answer; it is left alone for a while"));
  shut_ = true;
  shut_until_ = clock_.Now() + options_.pause;
  Show();
}

void Bulkhead::Leave(const Place& place) {
  const absl::MutexLock lock(&mutex_);
  --inside_;
  if (place.probe_) probing_ = false;
  if (place.end_ == Place::End::kAnswered) {
    if (shut_) log::Info(absl::StrCat(name_, " answers again"));
    timeouts_in_a_row_ = 0;
    shut_ = false;
  } else if (place.end_ == Place::End::kTimedOut &&
             clock_.Now() - place.entered_ >= options_.fair_time) {
    NoteTimeout(place.probe_);
  }
  Show();
}

size_t Bulkhead::inside() const {
  const absl::MutexLock lock(&mutex_);
  return inside_;
}

void Bulkhead::Show() {
  if (inside_gauge_ == nullptr) return;
  inside_gauge_->Set(static_cast<double>(inside_));
  shut_gauge_->Set(shut_ ? 1 : 0);
}

}  // namespace usher::rpc
