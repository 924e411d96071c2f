// Sessions of auth in memory, in the tables of a store of methods.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "services/auth/session/session_store.h"
#include "tests/support/fake_method_store.h"

namespace usher::auth {

// Thread-safe. Held to session_store_contract.h, like the real one. Fails as the methods do.
class FakeSessionStore final : public SessionStore {
 public:
  using Tables = FakeAuthTables;

  explicit FakeSessionStore(FakeMethodStore& methods) : database_(methods.database()) {}

  // What tests arrange or look at behind the store's back.
  void Remove(const SessionId& session) {
    database_.Peek([&](Tables& tables) { tables.sessions.erase(session); });
  }
  size_t size() const {
    return database_.Peek([](Tables& tables) { return tables.sessions.size(); });
  }
  // Called before the next session is opened, as if somebody came in between.
  void BeforeNextOpen(std::function<void()> meanwhile) { meanwhile_ = std::move(meanwhile); }

  absl::StatusOr<std::optional<Opened>> Open(const CallContext& call, const Session& session,
                                             const Method& verified,
                                             absl::Duration lifetime) override {
    if (meanwhile_ != nullptr) std::exchange(meanwhile_, nullptr)();
    return database_.Do([&](Tables& tables) -> absl::StatusOr<std::optional<Opened>> {
      return Insert(tables, call, session, verified, lifetime);
    });
  }
  absl::StatusOr<std::optional<Opened>> OpenAlone(const CallContext& call, const Session& session,
                                                  const Method& verified,
                                                  absl::Duration lifetime) override {
    if (meanwhile_ != nullptr) std::exchange(meanwhile_, nullptr)();
    return database_.Do([&](Tables& tables) -> absl::StatusOr<std::optional<Opened>> {
      const auto others = tables.SessionsOf(session.company, session.method);
      std::optional<Opened> opened = Insert(tables, call, session, verified, lifetime);
      if (opened.has_value()) opened->ended = tables.SignOut(session.company, others);
      return opened;
    });
  }

  absl::StatusOr<size_t> Count(const CallContext&, const CompanyId& company,
                               const MethodKey& method, size_t at_most) override {
    return database_.Do([&](Tables& tables) -> absl::StatusOr<size_t> {
      return std::min(at_most, tables.SessionsOf(company, method).size());
    });
  }
  absl::StatusOr<Ended> EndOldest(const CallContext&, const CompanyId& company,
                                  const MethodKey& method, size_t kept) override {
    constexpr size_t kAtATime = 1000;
    return database_.Do([&](Tables& tables) -> absl::StatusOr<Ended> {
      std::vector<FakeSession> beyond = tables.SessionsOf(company, method);
      beyond.resize(beyond.size() - std::min(beyond.size(), kept));
      // Of those that are beyond, too, the newest go first.
      if (beyond.size() > kAtATime) beyond.erase(beyond.begin(), beyond.end() - kAtATime);
      return tables.SignOut(company, beyond);
    });
  }

  absl::StatusOr<std::optional<SessionStanding>> Find(const CallContext&, const CompanyId& company,
                                                      const SessionId& session) override {
    return database_.Do([&](Tables& tables) -> absl::StatusOr<std::optional<SessionStanding>> {
      return StandingOf(tables, company, session);
    });
  }
  absl::StatusOr<std::optional<Ended>> Rotate(const CallContext& call, const CompanyId& company,
                                              const SessionId& session,
                                              const RotationRule& rule) override {
    return database_.Do([&](Tables& tables) -> absl::StatusOr<std::optional<Ended>> {
      const std::optional<SessionStanding> standing = StandingOf(tables, company, session);
      if (!standing.has_value()) return std::optional<Ended>();
      const Rotation rotation = rule(*standing);
      FakeSession& kept = tables.sessions[session];
      if (rotation.kind == Rotation::Kind::kEnd) return tables.SignOut(company, {kept});
      if (rotation.kind == Rotation::Kind::kLeave) return Ended();
      kept.good_hashes = rotation.replacement.good_hashes;
      kept.ended_hashes = rotation.replacement.ended_hashes;
      kept.rotated_at = rotation.replacement.rotated_at;
      kept.peer = call.peer;
      kept.user_agent = call.user_agent;
      return Ended();
    });
  }
  absl::StatusOr<std::optional<Opened>> Move(const CallContext& call, const CompanyId& company,
                                             const SessionId& session, const MoveRule& may,
                                             const Session& next, const Method& verified,
                                             absl::Duration lifetime) override {
    if (meanwhile_ != nullptr) std::exchange(meanwhile_, nullptr)();
    return database_.Do([&](Tables& tables) -> absl::StatusOr<std::optional<Opened>> {
      const std::optional<SessionStanding> standing = StandingOf(tables, company, session);
      if (!standing.has_value() || !may(*standing)) return std::optional<Opened>();
      std::optional<Opened> opened = Insert(tables, call, next, verified, lifetime);
      if (!opened.has_value()) return opened;
      tables.moved[session] = {tables.sessions[session], next.id};
      opened->ended = tables.SignOut(company, {tables.sessions[session]});
      return opened;
    });
  }
  absl::StatusOr<Ended> EndMoved(const CallContext&, const CompanyId& company,
                                 const SessionId& session, const MovedRule& belongs) override {
    return database_.Do([&](Tables& tables) -> absl::StatusOr<Ended> {
      auto moved = tables.moved.find(session);
      if (moved == tables.moved.end()) return Ended();
      const FakeSession& before = moved->second.first;
      if (before.company != company || !belongs({before.user, before.method})) return Ended();
      SessionId now = session;
      for (; moved != tables.moved.end(); moved = tables.moved.find(now))
        now = moved->second.second;
      const auto found = tables.sessions.find(now);
      if (found == tables.sessions.end()) return Ended();
      const FakeSession over = found->second;
      return tables.SignOut(over.company, {over});
    });
  }

  absl::StatusOr<std::optional<SigningTarget>> FindSigningTarget(const CallContext&,
                                                                 const CompanyId& company,
                                                                 const UserId& user) override {
    return database_.Do([&](Tables& tables) -> absl::StatusOr<std::optional<SigningTarget>> {
      const absl::Time now = tables.clock->Now();
      const std::optional<UserStanding> standing = tables.FindUser(company, user, now);
      if (!standing.has_value()) return std::optional<SigningTarget>();
      SigningTarget target{.standing = *standing, .read_at = now, .guest_access = std::nullopt};
      for (Method& method : tables.MethodsOf(company, user)) {
        method.sealed_secret.clear();
        if (method.key_type == KeyType::kGuestAccess) target.guest_access = std::move(method);
      }
      return target;
    });
  }

  absl::Status NoteUses(const CallContext&, const std::vector<MethodUse>& uses) override {
    return database_.Do([&](Tables& tables) {
      for (const MethodUse& use : uses) {
        absl::Time& kept =
            tables.uses.emplace(Tables::KeyOf(use.company, use.method), use.at).first->second;
        kept = std::max(kept, use.at);
      }
      return absl::OkStatus();
    });
  }
  absl::Status ForgetUses(const CallContext&, absl::Time horizon) override {
    return database_.Do([&](Tables& tables) {
      std::erase_if(tables.uses, [&](const auto& row) { return row.second < horizon; });
      return absl::OkStatus();
    });
  }
  absl::Status ForgetExpired(const CallContext&, absl::Time now) override {
    return database_.Do([&](Tables& tables) {
      std::erase_if(tables.sessions, [&](const auto& row) { return row.second.expires_at <= now; });
      return absl::OkStatus();
    });
  }
  // What has ended leaves no rows behind here.
  absl::StatusOr<bool> ForgetEnded(const CallContext&) override { return false; }

 private:
  static std::optional<Opened> Insert(Tables& tables, const CallContext& call,
                                      const Session& session, const Method& verified,
                                      absl::Duration lifetime) {
    const auto standing = tables.Find(session.company, session.method);
    const bool as_verified =
        standing.has_value() &&
        EffectiveStatus(*standing, standing->read_at) == AccountStatus::kActivated &&
        standing->method.sealed_secret == verified.sealed_secret &&
        standing->method.permissions.Contains(session.granted);
    if (!as_verified) return std::nullopt;
    const absl::Time now = standing->read_at;
    FakeSession& kept =
        tables.sessions[session.id] = {session, tables.Dated(), call.peer, call.user_agent};
    kept.rotated_at = now;
    kept.expires_at =
        std::min(now + lifetime, standing->method.expires_at.value_or(absl::InfiniteFuture()));
    return Opened{.at = now,
                  .expires_at = kept.expires_at,
                  .linked = tables.HasLinks(session.company, session.method),
                  .ended = {}};
  }

  static std::optional<SessionStanding> StandingOf(Tables& tables, const CompanyId& company,
                                                   const SessionId& session) {
    const auto found = tables.sessions.find(session);
    if (found == tables.sessions.end() || found->second.company != company) return std::nullopt;
    std::optional<MethodStanding> method = tables.Find(company, found->second.method);
    if (!method.has_value()) return std::nullopt;
    method->method.sealed_secret.clear();
    return SessionStanding{found->second, *std::move(method),
                           tables.HasLinks(company, found->second.method)};
  }

  FakeDatabase<Tables>& database_;
  std::function<void()> meanwhile_;
};

}  // namespace usher::auth
