#include "services/auth/company_switch/company_switch.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/status/try.h"
#include "services/auth/method/method_errors.h"
#include "services/auth/session/sign_in_errors.h"

namespace usher::auth {
namespace {

// Whether the three fit together: session, access token, and what the client calls itself.
bool Belongs(const Session& session, const SwitchGrant& grant, const token::AccessToken& token) {
  return token.user == session.user && session.base_user.empty() &&
         PrincipalKey(session.method.key_type, grant.principal) == session.method.principal_key;
}

// What the session has to be, looked at before anything is done and once more under its lock.
absl::Status JudgeSwitch(const SessionStanding& standing, const SwitchGrant& grant,
                         const token::AccessToken& token, const std::string& presented) {
  const Session& session = standing.session;
  if (!Belongs(session, grant, token) || session.expires_at <= standing.now()) {
    return RefreshTokenRefused();
  }
  const RefreshVerdict verdict = JudgeRefresh(session, presented, standing.now());
  if (verdict == RefreshVerdict::kReused) return RefreshTokenRefused();
  const AccountStatus status = EffectiveStatus(standing.method, standing.now());
  return status == AccountStatus::kActivated ? absl::OkStatus() : AccountInactive(status);
}

// Not dated yet: that is the store's.
Session NextOf(const SessionStanding& before, const Method& target, PermissionSet wanted) {
  Session next;
  next.company = target.company;
  next.id = SessionId(NewUuid());
  next.user = target.user;
  next.method = target.key();
  next.principal = target.principal;
  next.granted = PermissionsAfterSwitch(before, target, wanted);
  const Session& session = before.session;
  next.origin =
      session.origin.has_value() ? session.origin : SessionOrigin{session.company, session.method};
  next.first =
      session.first.has_value() ? session.first : SessionPlace{session.company, session.id};
  return next;
}

}  // namespace

PermissionSet PermissionsAfterSwitch(const SessionStanding& before, const Method& target,
                                     PermissionSet wanted) {
  const PermissionSet given = target.permissions.And(wanted);
  const bool narrowed = !before.session.granted.Contains(before.method.method.permissions);
  return narrowed ? given.And(before.session.granted) : given;
}

absl::StatusOr<SignedIn> CompanySwitch::Switch(const CallContext& call, const SwitchGrant& grant) {
  const std::optional<RefreshToken> presented = refresh_tokens_.Parse(grant.refresh_token.Reveal());
  if (!presented.has_value() || grant.company.empty()) return RefreshTokenRefused();
  const auto good = TokenOf(grant, presented->session);
  if (!good.ok()) {
    // Those of a session that moved are dead.
    RETURN_IF_ERROR(EndMoved(call, grant, presented->session));
    return good.status();
  }
  const std::shared_ptr<const token::AccessToken>& token = *good;
  ASSIGN_OR_RETURN(const std::optional<SessionStanding> before,
                   sessions_.Find(call, token->company, presented->session));
  if (!before.has_value()) {
    RETURN_IF_ERROR(EndMoved(call, grant, presented->session));
    return RefreshTokenRefused();
  }
  const absl::Status judged = JudgeSwitch(*before, grant, *token, presented->hash);
  if (!judged.ok()) {
    const bool belongs = Belongs(before->session, grant, *token);
    if (belongs) RETURN_IF_ERROR(EndReused(call, before->session, presented->hash));
    return judged;
  }
  ASSIGN_OR_RETURN(const MethodStanding target, Target(call, *before, grant.company));

  Session next = NextOf(*before, target.method, grant.wanted);
  RefreshToken refresh_token = refresh_tokens_.Make(next.id);
  next.good_hashes = {refresh_token.hash};
  // Nobody prolongs a session by going to and fro.
  const absl::Duration rest = before->session.expires_at - before->now();
  absl::Status under_lock = RefreshTokenRefused();
  const MoveRule may = [&](const SessionStanding& standing) {
    under_lock = JudgeSwitch(standing, grant, *token, presented->hash);
    return under_lock.ok();
  };
  ASSIGN_OR_RETURN(
      const std::optional<Opened> opened,
      sessions_.Move(call, token->company, presented->session, may, next, target.method, rest));
  if (!opened.has_value()) return under_lock.ok() ? ChangedMeanwhile() : under_lock;
  next.expires_at = opened->expires_at;
  // At once in this process; the others hear of it from the feed.
  revocations_.Add(opened->ended);
  revocations_.Add(opening_.KeepBound(call, next));
  SignedIn signed_in = signer_.Sign(next, next.granted, std::move(refresh_token.text), opened->at);
  signed_in.linked = true;
  return signed_in;
}

absl::StatusOr<std::shared_ptr<const token::AccessToken>> CompanySwitch::TokenOf(
    const SwitchGrant& grant, const SessionId& session) {
  // Of one that has expired nothing more is learned than that; of one that was revoked, the reason.
  ASSIGN_OR_RETURN(const auto token, verifier_.Verify(grant.access_token));
  RETURN_IF_ERROR(verifier_.RequireFreshFeed());
  // What must not be prolonged must not be led elsewhere either. A guest is one company's.
  if (token->type != token::TokenType::kAccess || token->session != session || token->guest ||
      token->extension_disallowed) {
    return RefreshTokenRefused();
  }
  return token;
}

absl::StatusOr<MethodStanding> CompanySwitch::Target(const CallContext& call,
                                                     const SessionStanding& standing,
                                                     const CompanyId& to) {
  const Session& session = standing.session;
  const bool stays = to == session.company;
  // A user ID alone, whoever has given it to a user of the other company, opens nothing (A1).
  ASSIGN_OR_RETURN(const std::optional<MethodStanding> target,
                   stays ? methods_.FindMethod(call, to, session.method)
                         : links_.FindOpen(call, session.company, session.id, session.user, to));
  if (!target.has_value() || target->method.user != session.user) return SwitchRefused();
  const AccountStatus status = EffectiveStatus(*target, target->read_at);
  if (status != AccountStatus::kActivated) return AccountInactive(status);
  return *target;
}

absl::Status CompanySwitch::EndReused(const CallContext& call, const Session& session,
                                      const std::string& presented) {
  const RotationRule rule = [&](const SessionStanding& standing) {
    Rotation rotation;
    const bool reused =
        JudgeRefresh(standing.session, presented, standing.now()) == RefreshVerdict::kReused;
    if (reused) rotation.kind = Rotation::Kind::kEnd;
    return rotation;
  };
  ASSIGN_OR_RETURN(const std::optional<Ended> ended,
                   sessions_.Rotate(call, session.company, session.id, rule));
  if (ended.has_value()) revocations_.Add(*ended);
  return absl::OkStatus();
}

absl::Status CompanySwitch::EndMoved(const CallContext& call, const SwitchGrant& grant,
                                     const SessionId& session) {
  const auto token = verifier_.VerifyIgnoringTime(grant.access_token);
  if (!token.ok() || (*token)->session != session) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Ended ended,
                   sessions_.EndMoved(call, (*token)->company, session,
                                      Belonging((*token)->user, grant.principal)));
  revocations_.Add(ended);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<CompanyId>> CompanySwitch::Accounts(const CallContext& call,
                                                               const CompanyId& company,
                                                               const SessionId& session,
                                                               const UserId& user) {
  ASSIGN_OR_RETURN(std::vector<CompanyId> companies,
                   links_.ListOpen(call, company, session, user, kMostAccounts - 1));
  companies.insert(std::lower_bound(companies.begin(), companies.end(), company), company);
  return companies;
}

}  // namespace usher::auth
