// Invitations in memory, in the tables of a store of methods.
#pragma once

#include <optional>
#include <string>

#include "services/auth/invitation/invitation_errors.h"
#include "services/auth/invitation/invitation_store.h"
#include "services/auth/session/sign_in_errors.h"
#include "tests/support/fake_method_store.h"

namespace usher::auth {

// Thread-safe. Held to joining_contract.h, like the real one.
class FakeInvitationStore final : public InvitationStore {
 public:
  using Tables = FakeAuthTables;

  explicit FakeInvitationStore(FakeMethodStore& methods) : database_(methods.database()) {}

  absl::StatusOr<std::optional<MethodStanding>> Find(const CallContext&, const CompanyId& company,
                                                     const std::string& token) override {
    return database_.Do([&](Tables& tables) -> absl::StatusOr<std::optional<MethodStanding>> {
      return tables.Find(company, {KeyType::kActivationToken, token});
    });
  }

  absl::Status Accept(const CallContext&, const Acceptance& acceptance) override {
    return database_.Do([&](Tables& tables) -> absl::Status {
      const Method& made = acceptance.made;
      if (!tables.IsActive(made.company)) return CompanyNotFound();
      if (acceptance.joining.has_value()) {
        tables.users.emplace(std::pair(made.company, made.user), AccountStatus::kActivated);
      }
      for (const UserId& user : {acceptance.invitation.user, made.user}) {
        const AccountStatus status = tables.users.at({made.company, user});
        if (status != AccountStatus::kActivated) return AccountInactive(status);
      }
      RETURN_IF_ERROR(Use(tables, acceptance.invitation));
      RETURN_IF_ERROR(tables.Insert(made));
      return acceptance.joining.has_value() ? Join(tables, made, *acceptance.joining)
                                            : absl::OkStatus();
    });
  }

 private:
  static absl::Status Use(Tables& tables, const Method& invitation) {
    const std::optional<MethodStanding> found = tables.Find(invitation.company, invitation.key());
    const bool usable = found.has_value() &&
                        found->method.sealed_secret == invitation.sealed_secret &&
                        EffectiveStatus(found->method, found->read_at) == AccountStatus::kActivated;
    if (!usable) return InvitationUsed();
    tables.methods.erase(Tables::KeyOf(invitation.company, invitation.key()));
    return absl::OkStatus();
  }

  static absl::Status Join(Tables& tables, const Method& made, const Joining& joining) {
    const auto found = tables.sessions.find(joining.session);
    if (found == tables.sessions.end() || found->second.company != joining.company) {
      return JoiningRefused();
    }
    const FakeSession& session = found->second;
    const std::optional<MethodStanding> method = tables.Find(session.company, session.method);
    if (!method.has_value() || !MayJoin({session, *method}, made.user)) return JoiningRefused();
    if (!CanBeLinked(session.method.key_type)) return absl::OkStatus();
    tables.links.push_back(
        {session.company, session.method, made.company, made.key(), made.user, tables.Dated()});
    if (joining.both_ways) {
      tables.links.push_back(
          {made.company, made.key(), session.company, session.method, made.user, tables.Dated()});
    }
    return absl::OkStatus();
  }

  FakeDatabase<Tables>& database_;
};

}  // namespace usher::auth
