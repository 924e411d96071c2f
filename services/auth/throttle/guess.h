// How fast secrets may be guessed: the rules, as pure functions of what was counted. docs/auth.md,
// "Guessing", says what they are for.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/time/time.h"

namespace usher::auth {

struct GuessLimits {
  // Wrong secrets in a row for one account from one source before there are delays: 1, 2, 4 ...
  // seconds, up to longest_delay. 0: any number.
  uint32_t free_guesses = 5;
  absl::Duration longest_delay = absl::Minutes(15);
  // For one account from all sources that are not familiar with it, an hour. 0: any number.
  uint32_t account_guesses = 50;
  // Wrong ones from one source, whatever they are about: at once, and an hour. 0 an hour: any
  // number.
  uint32_t source_at_once = 20;
  uint32_t source_guesses = 300;
  // Password resets that are asked for from one source, at once and an hour. 0: any number.
  uint32_t source_resets = 30;
  // How long a source from which somebody got in is familiar with the account.
  absl::Duration familiar_for = absl::Hours(24 * 90);
  // Counts that are kept; beyond, housekeeping deletes those that would be forgotten first.
  uint64_t most_rows = 1'000'000;

  // Nothing is counted.
  bool Off() const { return free_guesses == 0 && account_guesses == 0 && source_guesses == 0; }
};

// What is kept of one account and source together, one account, or one source. Times by the
// database's clock.
struct GuessRow {
  int64_t failures = 0;  // of a pair: in a row
  // Of a pair: when it may be tried again. Of the others: when all that was counted has run off,
  // each guess an hour's part after the one before.
  std::optional<absl::Time> free_at;
  std::optional<absl::Time> right_at;   // of a pair: when somebody got in last
  std::optional<absl::Time> forget_at;  // says nothing any more from then on
};

// All that one guess counts for.
struct GuessState {
  GuessRow pair;
  GuessRow account;
  GuessRow source;
  absl::Time read_at;  // by the database's clock
};

// Somebody has got in by this pair: strangers who guess elsewhere, or behind the same address, are
// not in its way.
bool IsFamiliar(const GuessState& state, const GuessLimits& limits);
// A familiar pair without a wrong secret since: its guess is counted when it turns out wrong, so
// that who gets in every day writes nothing.
bool MayGoUncounted(const GuessState& state, const GuessLimits& limits);

// How long to wait before the next guess; zero: none.
absl::Duration WaitFor(const GuessState& state, const GuessLimits& limits);
// The same of the source alone: for secrets that nobody guesses, which have no account's limit.
absl::Duration WaitForSource(const GuessState& state, const GuessLimits& limits);

// The same of a source's count of resets, which stands in state.source.
absl::Duration WaitForReset(const GuessState& state, const GuessLimits& limits);

// With one more guess of the pair and its account, which is taken for wrong.
GuessState Counted(GuessState state, const GuessLimits& limits);
// With one more guess of the source, which was wrong. Beyond what may be at once as well: what was
// under way then is to be waited for.
GuessState CountedForSource(GuessState state, const GuessLimits& limits);
// With one more reset that was asked for.
GuessState CountedReset(GuessState state, const GuessLimits& limits);
// The secret was right: the pair begins anew, and is familiar. `counted`: the guess was counted,
// and is taken back from the account.
GuessState Right(GuessState state, bool counted, const GuessLimits& limits);
// A counted guess of which nobody knows whether it was right: taken back.
GuessState NotTried(GuessState state, const GuessLimits& limits);

}  // namespace usher::auth
