#include "services/auth/session/renewal.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/status/try.h"
#include "services/auth/session/sign_in_errors.h"

namespace usher::auth {
namespace {

// What a refresh does to a session, and what it answers.
struct Renewed {
  absl::Status status = RefreshTokenRefused();
  Rotation rotation;
  PermissionSet permissions;
  absl::Time now;
  bool linked = false;
};

Renewed NotRenewed(absl::Status status) {
  Renewed renewed;
  renewed.status = std::move(status);
  return renewed;
}

// `presented` and `successor`: what the session keeps of the two refresh tokens.
Renewed Renew(const SessionStanding& standing, const RefreshGrant& grant,
              const token::AccessToken& token, const std::string& presented,
              const std::string& successor) {
  const Session& session = standing.session;
  Renewed renewed;
  // The database's, like the times of the session.
  renewed.now = standing.now();
  renewed.linked = standing.linked;
  const bool belongs =
      token.user == session.user &&
      PrincipalKey(session.method.key_type, grant.principal) == session.method.principal_key;
  if (!belongs || session.expires_at <= renewed.now) return renewed;
  const RefreshVerdict verdict = JudgeRefresh(session, presented, renewed.now);
  if (verdict == RefreshVerdict::kReused) {
    renewed.rotation.kind = Rotation::Kind::kEnd;
    return renewed;
  }
  const AccountStatus status = EffectiveStatus(standing.method, renewed.now);
  if (status != AccountStatus::kActivated) return NotRenewed(AccountInactive(status));
  if (verdict == RefreshVerdict::kAnswered) return NotRenewed(RefreshTokenAnswered());
  renewed.status = absl::OkStatus();
  renewed.permissions = session.granted.And(standing.method.method.permissions).And(grant.wanted);
  renewed.rotation = {Rotation::Kind::kReplace, Rotated(session, verdict, successor, renewed.now)};
  return renewed;
}

}  // namespace

absl::StatusOr<SignedIn> Renewal::WithRefreshToken(const CallContext& call,
                                                   const RefreshGrant& grant) {
  const std::optional<RefreshToken> presented = refresh_tokens_.Parse(grant.refresh_token.Reveal());
  if (!presented.has_value() || grant.company.empty()) return RefreshTokenRefused();
  ASSIGN_OR_RETURN(const auto token, TokenOf(grant, presented->session));
  RefreshToken successor = refresh_tokens_.Make(presented->session);

  Renewed renewed;
  const RotationRule rule = [&](const SessionStanding& standing) {
    renewed = Renew(standing, grant, *token, presented->hash, successor.hash);
    return renewed.rotation;
  };
  ASSIGN_OR_RETURN(const std::optional<Ended> ended,
                   sessions_.Rotate(call, grant.company, presented->session, rule));
  if (!ended.has_value()) {
    RETURN_IF_ERROR(EndMoved(call, grant, *token));
    return WhyNoSession(call, grant, *token);
  }
  // At once in this process; the others hear of it from the feed.
  revocations_.Add(*ended);
  RETURN_IF_ERROR(renewed.status);
  SignedIn signed_in = signer_.Sign(renewed.rotation.replacement, renewed.permissions,
                                    std::move(successor.text), renewed.now);
  signed_in.linked = renewed.linked;
  return signed_in;
}

absl::StatusOr<std::shared_ptr<const token::AccessToken>> Renewal::TokenOf(
    const RefreshGrant& grant, const SessionId& session) const {
  // Also one whose key was withdrawn meanwhile: it opens nothing, and what it says is compared with
  // the session.
  const auto token = verifier_.VerifyIgnoringTime(grant.access_token, retired_keys_);
  if (absl::IsUnavailable(token.status())) return token.status();
  // What must not be prolonged was split off the session's own token, which refreshes it: that
  // is the one without.
  if (!token.ok() || (*token)->type != token::TokenType::kAccess || (*token)->session != session ||
      (*token)->company != grant.company || (*token)->extension_disallowed) {
    return RefreshTokenRefused();
  }
  return token;
}

absl::Status Renewal::EndMoved(const CallContext& call, const RefreshGrant& grant,
                               const token::AccessToken& token) {
  ASSIGN_OR_RETURN(const Ended ended, sessions_.EndMoved(call, token.company, token.session,
                                                         Belonging(token.user, grant.principal)));
  revocations_.Add(ended);
  return absl::OkStatus();
}

absl::Status Renewal::WhyNoSession(const CallContext& call, const RefreshGrant& grant,
                                   const token::AccessToken& token) {
  const UserId& user = token.base_permissions_id.empty() ? token.user : token.base_permissions_id;
  const absl::Time now = clock_.Now();
  ASSIGN_OR_RETURN(const std::optional<UserStanding> standing,
                   users_.FindUser(call, grant.company, user, now));
  if (!standing.has_value()) return RefreshTokenRefused();
  const AccountStatus status = EffectiveStatus(*standing);
  if (status != AccountStatus::kActivated) return AccountInactive(status);

  ASSIGN_OR_RETURN(const std::vector<Method> methods,
                   methods_.ListOfUser(call, grant.company, user, now));
  for (const Method& method : methods) {
    if (PrincipalKey(method.key_type, grant.principal) != method.principal_key) continue;
    const AccountStatus of_method = EffectiveStatus(MethodStanding{.method = method}, now);
    if (of_method != AccountStatus::kActivated) return AccountInactive(of_method);
  }
  return RefreshTokenRefused();
}

}  // namespace usher::auth
