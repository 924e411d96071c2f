#include "services/auth/secret/hashing_pace.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/base/background.h"

namespace usher::auth {
namespace {

// How much the last hash counts beside those before it.
constexpr double kWeightOfLast = 0.25;
// A queue without room would never learn better.
constexpr size_t kLeastRoom = 2;
// Of what a call costs that is served.
constexpr double kCostOfRefusal = 0.25;

}  // namespace

HashingPace::HashingPace(Options options, OthersShare::Look look, const Clock& clock)
    : options_(std::move(options)), others_(std::move(look), clock) {}

void HashingPace::Join() {
  StandBehind();
  others_.LeaveOut();
}

double HashingPace::SpentOnOthers() {
  const std::optional<double> share = others_.OfLate();
  if (!share.has_value()) return spent_on_others_;
  const Calls calls = options_.answered ? options_.answered() : Calls();
  const auto served = static_cast<double>(calls.served - counted_.served);
  const double refused = kCostOfRefusal * static_cast<double>(calls.refused - counted_.refused);
  counted_ = calls;
  return spent_on_others_ = refused > 0 ? *share * served / (served + refused) : *share;
}

absl::Duration HashingPace::Count(absl::Duration took, absl::Duration computed) {
  const absl::MutexLock lock(&mutex_);
  const double weight = usual_time_ == absl::ZeroDuration() ? 1 : kWeightOfLast;
  usual_time_ += (took - usual_time_) * weight;
  usually_computed_ += (computed - usually_computed_) * weight;
  // By the usual hash: one alone may have been disturbed by its like.
  const absl::Duration rest = RestAfter(usual_time_, usually_computed_, SpentOnOthers());
  const double each = std::max(absl::ToDoubleSeconds(usual_time_ + rest), 1e-6);
  const auto a_second = static_cast<size_t>(static_cast<double>(options_.threads) / each);
  const size_t room = std::clamp(a_second > options_.calls ? a_second - options_.calls : 0,
                                 kLeastRoom, std::max(kLeastRoom, options_.queue));
  if (room != room_ && options_.room_changed) options_.room_changed(room);
  room_ = room;
  return rest;
}

}  // namespace usher::auth
