#include "services/auth/session/session_opening.h"

#include <algorithm>
#include <utility>

#include "common/base/log.h"
#include "common/status/try.h"
#include "services/auth/session/sign_in_errors.h"

namespace usher::auth {
namespace {

// Beyond that all are forgotten, and counted again as they come.
constexpr size_t kMostKnown = 10000;
// One sign-in does the work of those that come meanwhile, but not for ever.
constexpr int kMostRounds = 4;
constexpr absl::Duration kRest = absl::Seconds(1);

// How many sessions too many there may be for as long.
size_t MostThatWait(size_t most) { return most / 16; }

std::string KeyOf(const Session& session) {
  return AssociatedData(session.company, session.method);
}

}  // namespace

absl::StatusOr<std::optional<Opened>> SessionOpening::Open(const CallContext& call,
                                                           const Session& session,
                                                           const Method& verified,
                                                           absl::Duration longest) {
  const absl::Duration life = std::min(life_, longest);
  if (verified.key_type == KeyType::kGuestAccess) {
    if (!verified.shareable) return sessions_.OpenAlone(call, session, verified, life);
    RETURN_IF_ERROR(RequireRoom(call, session));
    return sessions_.Open(call, session, verified, life);
  }
  ASSIGN_OR_RETURN(std::optional<Opened> opened, sessions_.Open(call, session, verified, life));
  if (opened.has_value()) opened->ended = KeepBound(call, session);
  return opened;
}

Ended SessionOpening::KeepBound(const CallContext& call, const Session& session) {
  absl::StatusOr<Ended> ended = EndOldest(call, session);
  if (ended.ok()) return *std::move(ended);
  log::Warning("the oldest sessions of a method were not ended",
               {{"request_id", call.request_id}, {"error", ended.status().message()}});
  return Ended();
}

// Takes the place before the session is there, so that many at once do not take the same.
absl::Status SessionOpening::RequireRoom(const CallContext& call, const Session& session) {
  const std::string key = KeyOf(session);
  if (IsKnown(key, bounds_.most_shared) && Take(key)) return absl::OkStatus();
  // Of those that were there some may have ended by themselves.
  RETURN_IF_ERROR(Count(call, session, key, bounds_.most_shared));
  return Take(key) ? absl::OkStatus() : SessionsExhausted(bounds_.most_shared);
}

absl::StatusOr<Ended> SessionOpening::EndOldest(const CallContext& call, const Session& session) {
  const std::string key = KeyOf(session);
  if (IsKnown(key, bounds_.most)) {
    Add(key);
  } else {
    RETURN_IF_ERROR(Count(call, session, key, bounds_.most));
  }
  Ended all;
  for (int round = 0; round < kMostRounds && BeginsToEnd(key); ++round) {
    const absl::StatusOr<Ended> ended =
        sessions_.EndOldest(call, session.company, session.method, bounds_.most);
    EndsNoMore(key, ended.ok() ? ended->size() : 0);
    if (!ended.ok()) return all.empty() ? ended : all;
    all.insert(all.end(), ended->begin(), ended->end());
    // Others have ended by themselves.
    if (ended->empty()) RETURN_IF_ERROR(Count(call, session, key, bounds_.most));
  }
  return all;
}

bool SessionOpening::IsKnown(const std::string& key, size_t most) {
  const absl::MutexLock lock(&mutex_);
  const auto found = known_.find(key);
  return found != known_.end() && found->second.since + 1 <= most / 8;
}

void SessionOpening::Add(const std::string& key) {
  const absl::MutexLock lock(&mutex_);
  Known& known = known_[key];
  ++known.sessions;
  ++known.since;
}

bool SessionOpening::Take(const std::string& key) {
  const absl::MutexLock lock(&mutex_);
  Known& known = known_[key];
  if (known.sessions >= bounds_.most_shared) return false;
  ++known.sessions;
  ++known.since;
  return true;
}

bool SessionOpening::BeginsToEnd(const std::string& key) {
  const absl::Time now = clock_.Now();
  const absl::MutexLock lock(&mutex_);
  Known& known = known_[key];
  if (known.sessions <= bounds_.most || known.ending) return false;
  const bool can_wait = known.sessions - bounds_.most <= MostThatWait(bounds_.most);
  if (can_wait && now < known.ended_at + kRest) return false;
  known.ending = true;
  return true;
}

void SessionOpening::EndsNoMore(const std::string& key, size_t ended) {
  const absl::Time now = clock_.Now();
  const absl::MutexLock lock(&mutex_);
  Known& known = known_[key];
  known.sessions -= std::min(known.sessions, ended);
  known.ending = false;
  known.ended_at = now;
}

absl::Status SessionOpening::Count(const CallContext& call, const Session& session,
                                   const std::string& key, size_t most) {
  ASSIGN_OR_RETURN(const size_t sessions, sessions_.Count(call, session.company, session.method,
                                                          most + MostThatWait(most) + 1));
  const absl::MutexLock lock(&mutex_);
  if (known_.size() >= kMostKnown) known_.clear();
  Known& known = known_[key];
  known.sessions = sessions;
  known.since = 0;
  return absl::OkStatus();
}

}  // namespace usher::auth
