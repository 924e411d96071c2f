// Slows down who guesses secrets, or has mails sent, and notes each refusal. Every check of a
// secret that somebody could guess goes through Check.
#pragma once

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "common/base/secret.h"
#include "services/auth/audit/refusals.h"
#include "services/auth/secret/pepper.h"
#include "services/auth/throttle/throttle_store.h"

namespace usher::auth {

// QUOTA_EXCEEDED, with the seconds to wait: one and the same, whether there is such an account or
// not, and whoever is in the way of it.
absl::Status TooManyGuesses(absl::Duration wait);

// The same where it was no secret that came too often.
absl::Status TooManyResets(absl::Duration wait);

// A secret that is about to be checked.
struct Guess {
  CompanyId company;      // empty for what no company can be called
  std::string principal;  // as it is compared; whichever key type: it is one account
  UserId user;            // for the audit; empty where there is no such account
  std::string what;       // for the audit: "sign-in by password"
  // False for a secret that is random and long: nobody guesses it, so that the right one always
  // gets in and costs nothing here, and wrong ones count for their source alone.
  bool can_be_guessed = true;
};

// A guess that was admitted.
struct GuessTicket {
  Guess guess;
  GuessKeys keys;
  bool counted = false;  // as a wrong one, before it is known to be
  bool settles = false;  // Right has something to write
};

// Thread-safe. Errors of the store come through: without the database nobody guesses. What other
// services ask for a user counts for the user's account and address, and for no source.
class GuessThrottle {
 public:
  GuessThrottle(ThrottleStore& store, Refusals& refusals, const Pepper& pepper, GuessLimits limits);

  // Lets `matches` look whether the secret is the right one, unless it is guessed too fast. OK
  // where it is; `refusal` where it is not; what `matches` could not find out, as it says.
  // TooManyGuesses.
  absl::Status Check(const CallContext& call, Guess guess, const absl::Status& refusal,
                     absl::FunctionRef<absl::StatusOr<bool>()> matches);

  // The steps of Check: Admit before, and one of the others after it.
  //
  // TooManyGuesses. Counts strangers for the account before it is known whether they are wrong, so
  // that of many guesses at once no more are tried than may be.
  absl::StatusOr<GuessTicket> Admit(const CallContext& call, Guess guess);

  // Answers `refusal`, or TooManyGuesses where it was a random secret from a source that had no
  // guess left.
  absl::Status Wrong(const CallContext& call, const GuessTicket& ticket,
                     const absl::Status& refusal);
  // Best effort, as what follows: who has shown the right secret is let in whatever becomes of it.
  void Right(const CallContext& call, const GuessTicket& ticket);
  // The check itself failed.
  void NotTried(const CallContext& call, const GuessTicket& ticket);

  // A password reset is asked for by somebody who is not told the token: counts for the source, by
  // itself, whatever account it is about. `reset` is for the audit. TooManyResets.
  absl::Status CountReset(const CallContext& call, const Guess& reset);

  // The secret was right, and yet: for the audit.
  void NoteRefusal(const CallContext& call, const Guess& guess, const absl::Status& refusal);
  // A refresh that was refused: a token that does not fit counts for the source, and in the audit
  // stands any of them. The client has to learn that its session is over, and is told so.
  void RefreshRefused(const CallContext& call, const Guess& guess, const absl::Status& refusal);

 private:
  GuessKeys KeysOf(const CallContext& call, const Guess& guess) const;
  std::string Hashed(absl::string_view text) const;
  absl::Status CountAtSource(const CallContext& call, const GuessKeys& keys);
  void TryToChange(const CallContext& call, const GuessKeys& keys, const GuessRule& rule);

  ThrottleStore& store_;
  Refusals& refusals_;
  const Secret key_;
  const GuessLimits limits_;
};

}  // namespace usher::auth
