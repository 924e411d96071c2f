// Sessions of auth in memory, beside a store of methods.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/status/try.h"
#include "services/auth/session_store.h"

namespace usher::auth {

// Thread-safe. Held to session_store_contract.h, like the real one.
class FakeSessionStore final : public SessionStore {
 public:
  explicit FakeSessionStore(MethodStore& methods) : methods_(methods) {}

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

  absl::StatusOr<bool> Open(const CallContext& call, const Session& session,
                            const Method& verified) override {
    if (meanwhile_ != nullptr) std::exchange(meanwhile_, nullptr)();
    ASSIGN_OR_RETURN(const bool live, IsAsVerified(call, session, verified));
    const absl::MutexLock lock(&mutex_);
    return live && sessions_.emplace(session.id, session).second;
  }

  absl::StatusOr<std::optional<Ended>> OpenAlone(const CallContext& call, const Session& session,
                                                 const Method& verified) override {
    if (meanwhile_ != nullptr) std::exchange(meanwhile_, nullptr)();
    ASSIGN_OR_RETURN(const bool live, IsAsVerified(call, session, verified));
    if (!live) return std::optional<Ended>();
    const absl::MutexLock lock(&mutex_);
    Ended ended;
    for (auto at = sessions_.begin(); at != sessions_.end();) {
      const bool same =
          at->second.company == session.company && at->second.method == session.method;
      if (same) ended.push_back(EndingOf(at->second));
      at = same ? sessions_.erase(at) : std::next(at);
    }
    sessions_.emplace(session.id, session);
    return std::optional<Ended>(std::move(ended));
  }

  absl::StatusOr<std::optional<SessionStanding>> Find(const CallContext& call,
                                                      const CompanyId& company,
                                                      const SessionId& session) override {
    const absl::MutexLock lock(&mutex_);
    return StandingOf(call, company, session);
  }

  absl::StatusOr<std::optional<Ended>> Renew(const CallContext& call, const CompanyId& company,
                                             const SessionId& session,
                                             const RenewalRule& rule) override {
    const absl::MutexLock lock(&mutex_);
    ASSIGN_OR_RETURN(const std::optional<SessionStanding> standing,
                     StandingOf(call, company, session));
    if (!standing.has_value()) return std::optional<Ended>();
    const Renewal renewal = rule(*standing);
    Ended ended;
    if (renewal.kind == Renewal::Kind::kReplace) {
      Session& kept = sessions_[session];
      kept.current_hash = renewal.replacement.current_hash;
      kept.previous_hash = renewal.replacement.previous_hash;
      kept.rotated_at = renewal.replacement.rotated_at;
    } else if (renewal.kind == Renewal::Kind::kEnd) {
      ended.push_back(EndingOf(standing->session));
      sessions_.erase(session);
    }
    return std::optional<Ended>(std::move(ended));
  }

  absl::StatusOr<std::optional<SigningTarget>> FindSigningTarget(const CallContext& call,
                                                                 const CompanyId& company,
                                                                 const UserId& user) override {
    const absl::Time now = absl::UnixEpoch();
    ASSIGN_OR_RETURN(const std::optional<UserStanding> standing,
                     methods_.FindUser(call, company, user, now));
    if (!standing.has_value()) return std::optional<SigningTarget>();
    ASSIGN_OR_RETURN(const std::vector<Method> methods,
                     methods_.ListOfUser(call, company, user, now));
    SigningTarget target{.standing = *standing, .guest_access = std::nullopt};
    for (const Method& method : methods) {
      if (method.key_type == KeyType::kGuestAccess) target.guest_access = method;
    }
    return std::optional<SigningTarget>(std::move(target));
  }

  absl::Status ForgetExpired(const CallContext&, absl::Time now) override {
    const absl::MutexLock lock(&mutex_);
    for (auto at = sessions_.begin(); at != sessions_.end();) {
      at = at->second.expires_at <= now ? sessions_.erase(at) : std::next(at);
    }
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<bool> IsAsVerified(const CallContext& call, const Session& session,
                                    const Method& verified) {
    ASSIGN_OR_RETURN(const std::optional<MethodStanding> standing,
                     methods_.FindMethod(call, session.company, session.method));
    return standing.has_value() && IsLive(*standing, session.rotated_at) &&
           standing->method.sealed_secret == verified.sealed_secret &&
           standing->method.permissions.Contains(session.granted);
  }

  // Nothing also where the method is gone: its sessions went with it.
  absl::StatusOr<std::optional<SessionStanding>> StandingOf(const CallContext& call,
                                                            const CompanyId& company,
                                                            const SessionId& session)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto found = sessions_.find(session);
    if (found == sessions_.end() || found->second.company != company) {
      return std::optional<SessionStanding>();
    }
    ASSIGN_OR_RETURN(std::optional<MethodStanding> method,
                     methods_.FindMethod(call, company, found->second.method));
    if (!method.has_value()) return std::optional<SessionStanding>();
    method->method.sealed_secret.clear();
    return std::optional<SessionStanding>(SessionStanding{found->second, *std::move(method)});
  }

  token::Revocation EndingOf(const Session& session) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return {.sequence = ++last_sequence_,
            .kind = token::RevocationKind::kSession,
            .company = session.company,
            .subject = session.id.value(),
            .issued_until = absl::InfiniteFuture(),
            .reason = token::RevocationReason::kSignedOut};
  }

  MethodStore& methods_;
  std::function<void()> meanwhile_;
  mutable absl::Mutex mutex_;
  std::map<SessionId, Session> sessions_ ABSL_GUARDED_BY(mutex_);
  int64_t last_sequence_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace usher::auth
