// Invitations in memory: methods of FakeMethodStore.
#pragma once

#include "services/auth/invitation/invitation_errors.h"
#include "services/auth/invitation/invitation_store.h"
#include "tests/support/fake_method_store.h"

namespace usher::auth {

// Thread-safe, but that two may accept the same: single use is the real one's to show. Held to
// invitation_store_contract.h, like it.
class FakeInvitationStore final : public InvitationStore {
 public:
  explicit FakeInvitationStore(FakeMethodStore& methods) : methods_(methods) {}

  absl::StatusOr<std::optional<MethodStanding>> Find(const CallContext& call,
                                                     const CompanyId& company,
                                                     const std::string& token) override {
    return methods_.FindMethod(call, company, {KeyType::kActivationToken, token});
  }

  absl::Status Accept(const CallContext& call, const Acceptance& acceptance) override {
    const Method& invitation = acceptance.invitation;
    const Method& made = acceptance.made;
    const auto found = methods_.FindMethod(call, invitation.company, invitation.key());
    if (!found.ok()) return found.status();
    const bool usable =
        found->has_value() && (*found)->method.sealed_secret == invitation.sealed_secret &&
        EffectiveStatus((*found)->method, (*found)->read_at) == AccountStatus::kActivated;
    if (!usable) return InvitationUsed();
    std::optional<FakeSession> session;
    if (acceptance.joining.has_value()) {
      session = methods_.FindSession(acceptance.joining->session);
      if (!session.has_value() || session->company != acceptance.joining->company ||
          session->user != made.user || !session->base_user.empty()) {
        return JoiningRefused();
      }
    }
    const absl::Status replaced =
        methods_.Replace(invitation, made, acceptance.joining.has_value());
    if (!replaced.ok() || !session.has_value()) return replaced;
    const bool lasting = session->method.key_type == KeyType::kPassword ||
                         session->method.key_type == KeyType::kAuthorizationCode;
    if (!lasting) return absl::OkStatus();
    methods_.AddLink(
        {session->company, session->method, made.company, made.key(), made.user, absl::Time()});
    if (acceptance.joining->both_ways) {
      methods_.AddLink(
          {made.company, made.key(), session->company, session->method, made.user, absl::Time()});
    }
    return absl::OkStatus();
  }

 private:
  FakeMethodStore& methods_;
};

}  // namespace usher::auth
