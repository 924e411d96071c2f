#include "services/auth/throttle/guess_throttle.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/rpc/source.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/secret/keyed_hash.h"

namespace usher::auth {
namespace {

// A familiar pair that signs in often says so once a day.
constexpr absl::Duration kBetweenNotes = absl::Hours(24);

constexpr size_t kKeyBytes = 16;

std::string InUuidForm(absl::string_view bytes) {
  const std::string hex = absl::BytesToHexString(bytes.substr(0, kKeyBytes));
  const absl::string_view digits = hex;
  return absl::StrCat(digits.substr(0, 8), "-", digits.substr(8, 4), "-", digits.substr(12, 4), "-",
                      digits.substr(16, 4), "-", digits.substr(20));
}

// Who signs in for the first time from behind an address of thousands waits for nobody's count
// there.
GuessKeys WithoutSource(GuessKeys keys) {
  keys.source.clear();
  return keys;
}

GuessKeys SourceAlone(const GuessKeys& keys) {
  GuessKeys source;
  source.source = keys.source;
  return source;
}

std::string InSeconds(absl::Duration wait) {
  const int64_t seconds =
      std::max<int64_t>(1, absl::ToInt64Seconds(absl::Ceil(wait, absl::Seconds(1))));
  return absl::StrCat(seconds, seconds == 1 ? " second" : " seconds");
}

int CodeOf(const absl::Status& refusal) {
  return static_cast<int>(ReplyCodeOf(refusal).value_or(::common::INTERNAL_ERROR));
}

}  // namespace

absl::Status TooManyGuesses(absl::Duration wait) {
  return ReplyError(::common::QUOTA_EXCEEDED,
                    absl::StrCat("too many wrong secrets; try again in ", InSeconds(wait)));
}

absl::Status TooManyResets(absl::Duration wait) {
  return ReplyError(::common::QUOTA_EXCEEDED,
                    absl::StrCat("too many password resets; try again in ", InSeconds(wait)));
}

// The first key of the pepper: new ones are appended, and counts go on.
GuessThrottle::GuessThrottle(ThrottleStore& store, Refusals& refusals, const Pepper& pepper,
                             GuessLimits limits)
    : store_(store),
      refusals_(refusals),
      key_(Subkey(pepper.first(), "usher auth throttle v1")),
      limits_(limits) {}

absl::Status GuessThrottle::Check(const CallContext& call, Guess guess, const absl::Status& refusal,
                                  absl::FunctionRef<absl::StatusOr<bool>()> matches) {
  ASSIGN_OR_RETURN(const GuessTicket ticket, Admit(call, std::move(guess)));
  const absl::StatusOr<bool> right = matches();
  if (!right.ok()) {
    NotTried(call, ticket);
    return right.status();
  }
  if (!*right) return Wrong(call, ticket, refusal);
  Right(call, ticket);
  return absl::OkStatus();
}

absl::StatusOr<GuessTicket> GuessThrottle::Admit(const CallContext& call, Guess guess) {
  GuessTicket ticket;
  ticket.keys = KeysOf(call, guess);
  ticket.guess = std::move(guess);
  if (limits_.Off() || !ticket.guess.can_be_guessed) return ticket;

  const auto admit = [&](const GuessState& state) -> absl::Status {
    const absl::Duration wait = WaitFor(state, limits_);
    if (wait > absl::ZeroDuration()) return TooManyGuesses(wait);
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(const GuessState state, store_.Read(call, ticket.keys));
  absl::Status admitted = admit(state);
  // Whom a look refuses, writes nothing.
  if (admitted.ok() && MayGoUncounted(state, limits_)) {
    ticket.settles = *state.pair.right_at + kBetweenNotes < state.read_at;
    return ticket;
  }
  if (admitted.ok()) {
    admitted = store_.Change(call, WithoutSource(ticket.keys),
                             [&](const GuessState& locked) -> absl::StatusOr<GuessState> {
                               RETURN_IF_ERROR(admit(locked));
                               return Counted(locked, limits_);
                             });
  }
  if (!admitted.ok()) {
    if (ReplyCodeOf(admitted).has_value()) NoteRefusal(call, ticket.guess, admitted);
    return admitted;
  }
  ticket.counted = true;
  ticket.settles = true;
  return ticket;
}

absl::Status GuessThrottle::Wrong(const CallContext& call, const GuessTicket& ticket,
                                  const absl::Status& refusal) {
  absl::Status answer = refusal;
  if (!ticket.guess.can_be_guessed) {
    const absl::Status counted = CountAtSource(call, ticket.keys);
    if (!counted.ok()) answer = counted;
  } else if (!limits_.Off()) {
    const GuessKeys keys = ticket.counted ? SourceAlone(ticket.keys) : ticket.keys;
    RETURN_IF_ERROR(
        store_.Change(call, keys, [&](const GuessState& locked) -> absl::StatusOr<GuessState> {
          const GuessState state = ticket.counted ? locked : Counted(locked, limits_);
          return CountedForSource(state, limits_);
        }));
  }
  if (ReplyCodeOf(answer).has_value()) NoteRefusal(call, ticket.guess, answer);
  return answer;
}

void GuessThrottle::Right(const CallContext& call, const GuessTicket& ticket) {
  if (!ticket.settles) return;
  TryToChange(call, WithoutSource(ticket.keys),
              [&](const GuessState& locked) -> absl::StatusOr<GuessState> {
                return auth::Right(locked, ticket.counted, limits_);
              });
}

void GuessThrottle::NotTried(const CallContext& call, const GuessTicket& ticket) {
  if (!ticket.counted) return;
  TryToChange(call, WithoutSource(ticket.keys),
              [&](const GuessState& locked) -> absl::StatusOr<GuessState> {
                return auth::NotTried(locked, limits_);
              });
}

void GuessThrottle::NoteRefusal(const CallContext& call, const Guess& guess,
                                const absl::Status& refusal) {
  // Not the name itself where there is no such account: people type passwords into the wrong field.
  // The same name is the same hash, so that one sees what is guessed at.
  refusals_.Note(call,
                 {.company = guess.company,
                  .object = guess.user.empty() ? absl::StrCat("name ", KeysOf(call, guess).account)
                                               : absl::StrCat("user ", guess.user.value()),
                  .detail = absl::StrCat(guess.what, " refused"),
                  .outcome = CodeOf(refusal)});
}

void GuessThrottle::RefreshRefused(const CallContext& call, const Guess& guess,
                                   const absl::Status& refusal) {
  NoteRefusal(call, guess, refusal);
  if (ReplyCodeOf(refusal) != ::common::AUTHENTICATION_ERROR) return;
  const absl::Status counted = CountAtSource(call, KeysOf(call, guess));
  if (!counted.ok() && !ReplyCodeOf(counted).has_value()) {
    log::Warning("a refused refresh token was not counted",
                 {{"request_id", call.request_id}, {"error", counted.message()}});
  }
}

absl::Status GuessThrottle::CountAtSource(const CallContext& call, const GuessKeys& keys) {
  if (limits_.source_guesses == 0 || keys.source.empty()) return absl::OkStatus();
  const auto admit = [&](const GuessState& state) -> absl::Status {
    const absl::Duration wait = WaitForSource(state, limits_);
    return wait > absl::ZeroDuration() ? TooManyGuesses(wait) : absl::OkStatus();
  };
  const GuessKeys source = SourceAlone(keys);
  ASSIGN_OR_RETURN(const GuessState state, store_.Read(call, source));
  RETURN_IF_ERROR(admit(state));
  return store_.Change(call, source, [&](const GuessState& locked) -> absl::StatusOr<GuessState> {
    RETURN_IF_ERROR(admit(locked));
    return auth::CountedForSource(locked, limits_);
  });
}

absl::Status GuessThrottle::CountReset(const CallContext& call, const Guess& reset) {
  if (limits_.source_resets == 0) return absl::OkStatus();
  GuessKeys keys;
  keys.source = Hashed(absl::StrCat("resets|", rpc::ClientKeyOf(call)));
  const auto admit = [&](const GuessState& state) -> absl::Status {
    const absl::Duration wait = WaitForReset(state, limits_);
    return wait > absl::ZeroDuration() ? TooManyResets(wait) : absl::OkStatus();
  };
  // Whom a look refuses, writes nothing.
  ASSIGN_OR_RETURN(const GuessState state, store_.Read(call, keys));
  absl::Status admitted = admit(state);
  if (admitted.ok()) {
    admitted =
        store_.Change(call, keys, [&](const GuessState& locked) -> absl::StatusOr<GuessState> {
          RETURN_IF_ERROR(admit(locked));
          return CountedReset(locked, limits_);
        });
  }
  if (ReplyCodeOf(admitted).has_value()) NoteRefusal(call, reset, admitted);
  return admitted;
}

void GuessThrottle::TryToChange(const CallContext& call, const GuessKeys& keys,
                                const GuessRule& rule) {
  const absl::Status changed = store_.Change(call, keys, rule);
  if (!changed.ok()) {
    log::Warning("a guess was not settled",
                 {{"request_id", call.request_id}, {"error", changed.message()}});
  }
}

// A company's ID has no '|', and neither has a source.
GuessKeys GuessThrottle::KeysOf(const CallContext& call, const Guess& guess) const {
  const std::string source = rpc::ClientKeyOf(call);
  GuessKeys keys;
  keys.company = guess.company;
  keys.account = Hashed(absl::StrCat("account|", guess.company.value(), "|", guess.principal));
  keys.pair =
      Hashed(absl::StrCat("pair|", guess.company.value(), "|", source, "|", guess.principal));
  if (call.source != rpc::kInternalSource) keys.source = Hashed(absl::StrCat("source|", source));
  return keys;
}

std::string GuessThrottle::Hashed(absl::string_view text) const {
  return InUuidForm(KeyedHash(key_, text));
}

}  // namespace usher::auth
