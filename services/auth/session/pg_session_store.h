// Sessions in PostgreSQL.
#pragma once

#include <optional>
#include <vector>

#include "common/db/pool.h"
#include "services/auth/session/session_store.h"

namespace usher::auth {

class PgSessionStore final : public SessionStore {
 public:
  explicit PgSessionStore(db::Pool& pool) : pool_(pool) {}

  absl::StatusOr<std::optional<Opened>> Open(const CallContext& call, const Session& session,
                                             const Method& verified,
                                             absl::Duration lifetime) override;
  absl::StatusOr<std::optional<Opened>> OpenAlone(const CallContext& call, const Session& session,
                                                  const Method& verified,
                                                  absl::Duration lifetime) override;
  absl::StatusOr<size_t> Count(const CallContext& call, const CompanyId& company,
                               const MethodKey& method, size_t at_most) override;
  absl::StatusOr<Ended> EndOldest(const CallContext& call, const CompanyId& company,
                                  const MethodKey& method, size_t kept) override;
  absl::StatusOr<std::optional<SessionStanding>> Find(const CallContext& call,
                                                      const CompanyId& company,
                                                      const SessionId& session) override;
  absl::StatusOr<std::optional<Ended>> Rotate(const CallContext& call, const CompanyId& company,
                                              const SessionId& session,
                                              const RotationRule& rule) override;
  absl::StatusOr<std::optional<Opened>> Move(const CallContext& call, const CompanyId& company,
                                             const SessionId& session, const MoveRule& may,
                                             const Session& next, const Method& verified,
                                             absl::Duration lifetime) override;
  absl::StatusOr<Ended> EndMoved(const CallContext& call, const CompanyId& company,
                                 const SessionId& session, const MovedRule& belongs) override;
  absl::StatusOr<std::optional<SigningTarget>> FindSigningTarget(const CallContext& call,
                                                                 const CompanyId& company,
                                                                 const UserId& user) override;
  absl::Status NoteUses(const CallContext& call, const std::vector<MethodUse>& uses) override;
  absl::Status ForgetUses(const CallContext& call, absl::Time horizon) override;
  absl::Status ForgetExpired(const CallContext& call, absl::Time now) override;
  absl::StatusOr<bool> ForgetEnded(const CallContext& call) override;

 private:
  db::Pool& pool_;
};

}  // namespace usher::auth
