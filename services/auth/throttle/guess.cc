#include "services/auth/throttle/guess.h"

#include <algorithm>
#include <utility>

namespace usher::auth {
namespace {

// How long wrong secrets of a pair are remembered, so that who waits for a day begins anew.
constexpr absl::Duration kFailureLife = absl::Hours(24);
// 2^20 seconds are longer than any delay.
constexpr int64_t kMostDoublings = 20;

// A bucket that runs off evenly, `an_hour`, and holds `at_once` (the generic cell rate algorithm:
// one time says how full it is).
struct Bucket {
  uint32_t an_hour;
  uint32_t at_once;

  bool Off() const { return an_hour == 0; }
  absl::Duration each() const { return absl::Hours(1) / static_cast<int64_t>(an_hour); }

  absl::Duration Wait(const GuessRow& row, absl::Time now) const {
    if (Off()) return absl::ZeroDuration();
    const absl::Time full = std::max(row.free_at.value_or(now), now) + each();
    return std::max(absl::ZeroDuration(), full - each() * static_cast<int64_t>(at_once) - now);
  }
  void Count(absl::Time now, GuessRow* row) const {
    if (Off()) return;
    row->free_at = std::max(row->free_at.value_or(now), now) + each();
    row->forget_at = row->free_at;
  }
  void TakeBack(GuessRow* row) const {
    if (Off() || !row->free_at.has_value()) return;
    row->free_at = *row->free_at - each();
    row->forget_at = row->free_at;
  }
};

Bucket OfAccount(const GuessLimits& limits) {
  return {limits.account_guesses, std::max<uint32_t>(1, limits.account_guesses)};
}

Bucket OfSource(const GuessLimits& limits) {
  return {limits.source_guesses, std::max<uint32_t>(1, limits.source_at_once)};
}

Bucket OfResets(const GuessLimits& limits) {
  return {limits.source_resets, std::max<uint32_t>(1, limits.source_resets)};
}

absl::Duration DelayAfter(int64_t failures, const GuessLimits& limits) {
  const int64_t doublings = std::min(failures - limits.free_guesses, kMostDoublings);
  return std::min(absl::Seconds(int64_t{1} << doublings), limits.longest_delay);
}

bool Delays(const GuessRow& pair, const GuessLimits& limits) {
  return limits.free_guesses > 0 && pair.failures >= limits.free_guesses;
}

void KeepPair(absl::Time now, const GuessLimits& limits, GuessRow* pair) {
  absl::Time until = now;
  if (pair->failures > 0) until = std::max(now, pair->free_at.value_or(now)) + kFailureLife;
  if (pair->right_at.has_value()) until = std::max(until, *pair->right_at + limits.familiar_for);
  pair->forget_at = until;
}

}  // namespace

bool IsFamiliar(const GuessState& state, const GuessLimits& limits) {
  return state.pair.right_at.has_value() &&
         *state.pair.right_at + limits.familiar_for > state.read_at;
}

bool MayGoUncounted(const GuessState& state, const GuessLimits& limits) {
  return state.pair.failures == 0 && IsFamiliar(state, limits);
}

absl::Duration WaitFor(const GuessState& state, const GuessLimits& limits) {
  absl::Duration wait = absl::ZeroDuration();
  if (Delays(state.pair, limits)) {
    wait = std::max(wait, state.pair.free_at.value_or(state.read_at) - state.read_at);
  }
  if (IsFamiliar(state, limits)) return wait;
  wait = std::max(wait, OfAccount(limits).Wait(state.account, state.read_at));
  return std::max(wait, WaitForSource(state, limits));
}

absl::Duration WaitForSource(const GuessState& state, const GuessLimits& limits) {
  return OfSource(limits).Wait(state.source, state.read_at);
}

absl::Duration WaitForReset(const GuessState& state, const GuessLimits& limits) {
  return OfResets(limits).Wait(state.source, state.read_at);
}

GuessState CountedReset(GuessState state, const GuessLimits& limits) {
  OfResets(limits).Count(state.read_at, &state.source);
  return state;
}

GuessState Counted(GuessState state, const GuessLimits& limits) {
  ++state.pair.failures;
  if (Delays(state.pair, limits)) {
    state.pair.free_at = state.read_at + DelayAfter(state.pair.failures, limits);
  }
  KeepPair(state.read_at, limits, &state.pair);
  if (!IsFamiliar(state, limits)) OfAccount(limits).Count(state.read_at, &state.account);
  return state;
}

GuessState CountedForSource(GuessState state, const GuessLimits& limits) {
  OfSource(limits).Count(state.read_at, &state.source);
  return state;
}

GuessState Right(GuessState state, bool counted, const GuessLimits& limits) {
  if (counted) state = NotTried(std::move(state), limits);
  state.pair.failures = 0;
  state.pair.free_at.reset();
  state.pair.right_at = state.read_at;
  KeepPair(state.read_at, limits, &state.pair);
  return state;
}

GuessState NotTried(GuessState state, const GuessLimits& limits) {
  state.pair.failures = std::max<int64_t>(0, state.pair.failures - 1);
  if (!Delays(state.pair, limits)) state.pair.free_at.reset();
  // As it was counted, unless somebody else got in meanwhile: then it stays counted, an hour at
  // most.
  if (!IsFamiliar(state, limits)) OfAccount(limits).TakeBack(&state.account);
  KeepPair(state.read_at, limits, &state.pair);
  return state;
}

}  // namespace usher::auth
