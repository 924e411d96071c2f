#include "common/db/change_places.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "common/status/reply_error.h"

namespace usher::db {
namespace {

constexpr size_t kKeptForReading = 2;
constexpr absl::Duration kLongestWait = absl::Seconds(2);

absl::Status Unconfirmed() { return Overloaded("the database, which confirms few changes"); }

}  // namespace

ChangePlaces::Place::Place(Place&& other) noexcept
    : places_(std::exchange(other.places_, nullptr)) {}

ChangePlaces::Place::~Place() {
  if (places_ != nullptr) places_->Leave();
}

absl::StatusOr<ChangePlaces::Place> ChangePlaces::Take(const CallContext& call, size_t most) {
  const absl::MutexLock lock(&mutex_);
  const absl::Time enough = absl::Now() + kLongestWait;
  // What nothing may break off (the later steps of a saga, say) a crowd would leave half done.
  const bool yields_to_crowds = call.cancelled != nullptr;
  const auto free = [this, most]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return taken_ < most; };
  while (!free()) {
    const absl::Time now = absl::Now();
    if (now >= call.deadline) return OutOfTime("waiting for other changes");
    if (shut_ || now >= enough || (yields_to_crowds && waiting_ >= kMostWaiting)) {
      return Unconfirmed();
    }
    const uint64_t left_before = left_;
    ++waiting_;
    mutex_.AwaitWithDeadline(absl::Condition(&free), std::min(call.deadline, now + kPatience));
    --waiting_;
    if (left_ == left_before && absl::Now() >= now + kPatience) shut_ = true;
  }
  ++taken_;
  return Place(this);
}

void ChangePlaces::Leave() {
  const absl::MutexLock lock(&mutex_);
  --taken_;
  ++left_;
  shut_ = false;
}

size_t ChangePlaces::taken() const {
  const absl::MutexLock lock(&mutex_);
  return taken_;
}

ChangePlaces& TheChangePlaces() {
  static auto* const places = new ChangePlaces;  // for threads that outlive main()
  return *places;
}

size_t MostChanges(size_t connections) {
  return connections > kKeptForReading ? connections - kKeptForReading : 1;
}

}  // namespace usher::db
