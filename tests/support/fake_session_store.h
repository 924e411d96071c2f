// Sessions of auth in memory, beside a store of methods.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/status/try.h"
#include "services/auth/session/session_store.h"
#include "tests/support/fake_method_store.h"

namespace usher::auth {

// Thread-safe. Held to session_store_contract.h, like the real one.
class FakeSessionStore final : public SessionStore {
 public:
  // `clock`: the database's.
  FakeSessionStore(FakeMethodStore& methods, const Clock& clock)
      : methods_(methods), clock_(clock) {}

  // What tests arrange or look at behind the store's back.
  void Remove(const SessionId& session) {
    const absl::MutexLock lock(&mutex_);
    sessions_.erase(session);
  }
  size_t size() const {
    const absl::MutexLock lock(&mutex_);
    return sessions_.size();
  }
  // Called before the next session is opened, as if somebody came in between.
  void BeforeNextOpen(std::function<void()> meanwhile) { meanwhile_ = std::move(meanwhile); }

  absl::StatusOr<std::optional<Opened>> Open(const CallContext& call, const Session& session,
                                             const Method& verified,
                                             absl::Duration lifetime) override {
    if (meanwhile_ != nullptr) std::exchange(meanwhile_, nullptr)();
    const absl::MutexLock lock(&mutex_);
    return Insert(call, session, verified, lifetime);
  }

  absl::StatusOr<std::optional<Opened>> OpenAlone(const CallContext& call, const Session& session,
                                                  const Method& verified,
                                                  absl::Duration lifetime) override {
    if (meanwhile_ != nullptr) std::exchange(meanwhile_, nullptr)();
    const absl::MutexLock lock(&mutex_);
    const std::map<SessionId, Session> before = sessions_;
    ASSIGN_OR_RETURN(std::optional<Opened> opened, Insert(call, session, verified, lifetime));
    if (!opened.has_value()) return opened;
    for (const auto& [id, other] : before) {
      if (other.company != session.company || other.method != session.method) continue;
      opened->ended.push_back(EndingOf(other));
      sessions_.erase(id);
    }
    return opened;
  }

  absl::StatusOr<size_t> Count(const CallContext&, const CompanyId& company,
                               const MethodKey& method, size_t at_most) override {
    const absl::MutexLock lock(&mutex_);
    return std::min(at_most, Of(company, method).size());
  }

  absl::StatusOr<Ended> EndOldest(const CallContext&, const CompanyId& company,
                                  const MethodKey& method, size_t kept) override {
    constexpr size_t kAtATime = 1000;
    const absl::MutexLock lock(&mutex_);
    const std::vector<SessionId> sessions = Of(company, method);
    const size_t beyond = sessions.size() - std::min(sessions.size(), kept);
    Ended ended;
    // Of those that are beyond, too, the newest go first.
    for (size_t i = beyond; i > 0 && ended.size() < kAtATime; --i) {
      ended.push_back(EndingOf(sessions_[sessions[i - 1]]));
      sessions_.erase(sessions[i - 1]);
    }
    return ended;
  }

  absl::StatusOr<std::optional<SessionStanding>> Find(const CallContext& call,
                                                      const CompanyId& company,
                                                      const SessionId& session) override {
    const absl::MutexLock lock(&mutex_);
    return StandingOf(call, company, session);
  }

  absl::StatusOr<std::optional<Ended>> Rotate(const CallContext& call, const CompanyId& company,
                                              const SessionId& session,
                                              const RotationRule& rule) override {
    const absl::MutexLock lock(&mutex_);
    ASSIGN_OR_RETURN(const std::optional<SessionStanding> standing,
                     StandingOf(call, company, session));
    if (!standing.has_value()) return std::optional<Ended>();
    const Rotation rotation = rule(*standing);
    Ended ended;
    if (rotation.kind == Rotation::Kind::kReplace) {
      Session& kept = sessions_[session];
      kept.good_hashes = rotation.replacement.good_hashes;
      kept.ended_hashes = rotation.replacement.ended_hashes;
      kept.rotated_at = rotation.replacement.rotated_at;
      methods_.TouchSession(session, kept.rotated_at, call.peer);
    } else if (rotation.kind == Rotation::Kind::kEnd) {
      ended.push_back(EndingOf(standing->session));
      sessions_.erase(session);
    }
    return std::optional<Ended>(std::move(ended));
  }

  absl::StatusOr<std::optional<Opened>> Move(const CallContext& call, const CompanyId& company,
                                             const SessionId& session, const MoveRule& may,
                                             const Session& next, const Method& verified,
                                             absl::Duration lifetime) override {
    if (meanwhile_ != nullptr) std::exchange(meanwhile_, nullptr)();
    const absl::MutexLock lock(&mutex_);
    ASSIGN_OR_RETURN(const std::optional<SessionStanding> standing,
                     StandingOf(call, company, session));
    if (!standing.has_value() || !may(*standing)) return std::optional<Opened>();
    ASSIGN_OR_RETURN(std::optional<Opened> opened, Insert(call, next, verified, lifetime));
    if (!opened.has_value()) return opened;
    opened->ended.push_back(EndingOf(standing->session));
    sessions_.erase(session);
    return opened;
  }

  absl::StatusOr<std::optional<SigningTarget>> FindSigningTarget(const CallContext& call,
                                                                 const CompanyId& company,
                                                                 const UserId& user) override {
    const absl::Time now = clock_.Now();
    ASSIGN_OR_RETURN(const std::optional<UserStanding> standing,
                     methods_.FindUser(call, company, user, now));
    if (!standing.has_value()) return std::optional<SigningTarget>();
    ASSIGN_OR_RETURN(const std::vector<Method> methods,
                     methods_.ListOfUser(call, company, user, now));
    SigningTarget target{
        .standing = *standing, .read_at = clock_.Now(), .guest_access = std::nullopt};
    for (const Method& method : methods) {
      if (method.key_type == KeyType::kGuestAccess) target.guest_access = method;
    }
    return std::optional<SigningTarget>(std::move(target));
  }

  absl::Status NoteUses(const CallContext&, const std::vector<MethodUse>& uses) override {
    for (const MethodUse& use : uses) methods_.NoteUse(use.company, use.method, use.at);
    return absl::OkStatus();
  }
  // Nothing gets so old here.
  absl::Status ForgetUses(const CallContext&, absl::Time) override { return absl::OkStatus(); }

  absl::Status ForgetExpired(const CallContext&, absl::Time now) override {
    const absl::MutexLock lock(&mutex_);
    for (auto at = sessions_.begin(); at != sessions_.end();) {
      at = at->second.expires_at <= now ? sessions_.erase(at) : std::next(at);
    }
    return absl::OkStatus();
  }

  // What has ended leaves no rows behind here.
  absl::StatusOr<bool> ForgetEnded(const CallContext&) override { return false; }

 private:
  absl::StatusOr<std::optional<Opened>> Insert(const CallContext& call, const Session& session,
                                               const Method& verified, absl::Duration lifetime)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    ASSIGN_OR_RETURN(const std::optional<MethodStanding> standing,
                     methods_.FindMethod(call, session.company, session.method));
    const absl::Time now = clock_.Now();
    const bool as_verified = standing.has_value() &&
                             EffectiveStatus(*standing, now) == AccountStatus::kActivated &&
                             standing->method.sealed_secret == verified.sealed_secret &&
                             standing->method.permissions.Contains(session.granted);
    if (!as_verified) return std::optional<Opened>();
    Session& kept = sessions_[session.id] = session;
    ages_[session.id] = static_cast<int64_t>(ages_.size());
    kept.rotated_at = now;
    kept.expires_at =
        std::min(now + lifetime, standing->method.expires_at.value_or(absl::InfiniteFuture()));
    methods_.AddSession({.company = session.company,
                         .session = session.id,
                         .user = session.user,
                         .base_user = session.base_user,
                         .method = session.method,
                         .permissions = session.granted,
                         .created_at = now,
                         .expires_at = kept.expires_at,
                         .peer = call.peer,
                         .origin = OriginOf(session)});
    return std::optional<Opened>({.at = now,
                                  .expires_at = kept.expires_at,
                                  .linked = methods_.HasLinks(session.company, session.method),
                                  .ended = {}});
  }

  // The sessions of a method, the oldest first.
  std::vector<SessionId> Of(const CompanyId& company, const MethodKey& method)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    std::map<int64_t, SessionId> by_age;
    for (const auto& [id, session] : sessions_) {
      if (session.company != company || session.method != method) continue;
      if (methods_.HasSession(id)) by_age[ages_[id]] = id;
    }
    std::vector<SessionId> sessions;
    for (const auto& [age, id] : by_age) sessions.push_back(id);
    return sessions;
  }

  // Nothing also where a change of the method has ended it, or the method is gone.
  absl::StatusOr<std::optional<SessionStanding>> StandingOf(const CallContext& call,
                                                            const CompanyId& company,
                                                            const SessionId& session)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto found = sessions_.find(session);
    if (found == sessions_.end() || found->second.company != company ||
        !methods_.HasSession(session)) {
      return std::optional<SessionStanding>();
    }
    ASSIGN_OR_RETURN(std::optional<MethodStanding> method,
                     methods_.FindMethod(call, company, found->second.method));
    if (!method.has_value()) return std::optional<SessionStanding>();
    method->method.sealed_secret.clear();
    method->read_at = clock_.Now();
    return std::optional<SessionStanding>(SessionStanding{
        found->second, *std::move(method), methods_.HasLinks(company, found->second.method)});
  }

  static std::optional<std::pair<CompanyId, MethodKey>> OriginOf(const Session& session) {
    if (!session.origin.has_value()) return std::nullopt;
    return std::make_pair(session.origin->company, session.origin->method);
  }

  token::Revocation EndingOf(const Session& session) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return {.sequence = ++last_sequence_,
            .kind = token::RevocationKind::kSession,
            .company = session.company,
            .subject = session.id.value(),
            .issued_until = absl::InfiniteFuture(),
            .reason = token::RevocationReason::kSignedOut};
  }

  FakeMethodStore& methods_;
  const Clock& clock_;
  std::function<void()> meanwhile_;
  mutable absl::Mutex mutex_;
  std::map<SessionId, Session> sessions_ ABSL_GUARDED_BY(mutex_);
  std::map<SessionId, int64_t> ages_
      ABSL_GUARDED_BY(mutex_);  // which was opened when; ended ones, too
  int64_t last_sequence_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace usher::auth
