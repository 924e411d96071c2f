#include "services/auth/session/sign_in.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "common/base/log.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/method_errors.h"
#include "services/auth/session/refresh_token.h"
#include "services/auth/session/sign_in_errors.h"

namespace usher::auth {
namespace {

constexpr int kMostAttempts = 2;

// Not dated yet: that is the store's.
Session SessionOf(const Method& method, PermissionSet wanted, const std::string& display_name) {
  Session session;
  session.company = method.company;
  session.id = SessionId(NewUuid());
  session.user = method.user;
  session.method = method.key();
  session.principal = method.principal;
  session.granted = method.permissions.And(wanted);
  if (method.key_type == KeyType::kGuestAccess) {
    session.display_name = GuestName(display_name, method);
    if (method.shareable) {
      session.base_user = method.user;
      session.user = UserId(NewUuid());
    }
  }
  return session;
}

// What a refresh does to a session, and what it answers.
struct Refreshed {
  absl::Status status = RefreshTokenRefused();
  Session session;
  PermissionSet permissions;
  absl::Time now;
};

}  // namespace

absl::StatusOr<SignedIn> SignIn::WithPassword(const CallContext& call, const PasswordGrant& grant) {
  return WithSecret(call,
                    {.company = grant.company,
                     .key = {KeyType::kPassword, PrincipalKey(KeyType::kPassword, grant.username)},
                     .secret = grant.password,
                     .kind = SecretKind::kPassword,
                     .wanted = grant.wanted,
                     .display_name = ""});
}

absl::StatusOr<SignedIn> SignIn::WithCode(const CallContext& call, const CodeGrant& grant) {
  const KeyType key_type = KeyType::kAuthorizationCode;
  return WithSecret(call, {.company = grant.company,
                           .key = {key_type, PrincipalKey(key_type, grant.client_id)},
                           .secret = grant.code,
                           .kind = SecretKind::kCode,
                           .wanted = grant.wanted,
                           .display_name = ""});
}

absl::StatusOr<SignedIn> SignIn::AsGuest(const CallContext& call, const GuestGrant& grant) {
  const KeyType key_type = KeyType::kGuestAccess;
  return WithSecret(call, {.company = grant.company,
                           .key = {key_type, PrincipalKey(key_type, grant.user.value())},
                           .secret = grant.code,
                           .kind = SecretKind::kGuestCode,
                           .wanted = grant.wanted,
                           .display_name = grant.display_name});
}

absl::StatusOr<SignedIn> SignIn::WithSecret(const CallContext& call, const SecretGrant& grant) {
  for (int attempt = 1; attempt <= kMostAttempts; ++attempt) {
    ASSIGN_OR_RETURN(std::optional<SignedIn> signed_in, TryWithSecret(call, grant));
    if (signed_in.has_value()) return *std::move(signed_in);
  }
  return ChangedMeanwhile();
}

absl::StatusOr<std::optional<SignedIn>> SignIn::TryWithSecret(const CallContext& call,
                                                              const SecretGrant& grant) {
  ASSIGN_OR_RETURN(const Method method, Verified(call, grant));
  Session session = SessionOf(method, grant.wanted, grant.display_name);
  RefreshToken refresh_token = MakeRefreshToken(vault_, session.id);
  session.current_hash = refresh_token.hash;
  ASSIGN_OR_RETURN(const std::optional<Opened> opened, Open(call, session, method));
  if (!opened.has_value()) return std::optional<SignedIn>();
  session.expires_at = opened->expires_at;
  Apply(opened->ended);
  RehashIfNeeded(call, grant, method);
  return std::optional<SignedIn>(
      Sign(session, session.granted, std::move(refresh_token.text), opened->at));
}

absl::StatusOr<Method> SignIn::Verified(const CallContext& call, const SecretGrant& grant) {
  std::optional<MethodStanding> standing;
  if (!grant.company.empty()) {
    ASSIGN_OR_RETURN(standing, methods_.FindMethod(call, grant.company, grant.key));
  }
  if (!standing.has_value()) {
    RETURN_IF_ERROR(vault_.VerifyAgainstNothing(call, grant.secret, grant.kind));
    return CredentialsRefused();
  }
  ASSIGN_OR_RETURN(const bool matches,
                   vault_.Verify(call, grant.secret, grant.kind, standing->method.sealed_secret,
                                 AssociatedData(grant.company, grant.key)));
  if (!matches) return CredentialsRefused();
  const AccountStatus status = EffectiveStatus(*standing, standing->read_at);
  if (status != AccountStatus::kActivated) return AccountInactive(status);
  return std::move(standing->method);
}

absl::StatusOr<std::optional<Opened>> SignIn::Open(const CallContext& call, const Session& session,
                                                   const Method& method) {
  const bool alone = method.key_type == KeyType::kGuestAccess && !method.shareable;
  return alone ? sessions_.OpenAlone(call, session, method, lifetimes_.refresh)
               : sessions_.Open(call, session, method, lifetimes_.refresh);
}

// Whoever is signed in stays so, whether this works or not.
void SignIn::RehashIfNeeded(const CallContext& call, const SecretGrant& grant,
                            const Method& method) {
  const std::string associated_data = AssociatedData(grant.company, grant.key);
  if (!vault_.NeedsRehash(method.sealed_secret, associated_data)) return;
  const absl::StatusOr<std::string> sealed =
      vault_.Hash(call, grant.secret, grant.kind, associated_data);
  const absl::Status status = sealed.ok() ? methods_.ReplaceSecret(call, grant.company, grant.key,
                                                                   method.sealed_secret, *sealed)
                                          : sealed.status();
  if (!status.ok()) {
    log::Warning("a secret was not hashed anew",
                 {{"request_id", call.request_id}, {"error", status.message()}});
  }
}

absl::StatusOr<SignedIn> SignIn::WithRefreshToken(const CallContext& call,
                                                  const RefreshGrant& grant) {
  const std::optional<RefreshToken> presented =
      ParseRefreshToken(vault_, grant.refresh_token.Reveal());
  if (!presented.has_value() || grant.company.empty()) return RefreshTokenRefused();
  ASSIGN_OR_RETURN(const auto token, TokenOf(grant, presented->session));
  RefreshToken successor = MakeRefreshToken(vault_, presented->session);

  Refreshed refreshed;
  const RenewalRule rule = [&](const SessionStanding& standing) -> Renewal {
    const Session& session = standing.session;
    // The database's, like the times of the session.
    const absl::Time now = standing.now();
    refreshed = Refreshed();
    const bool belongs =
        token->user == session.user &&
        PrincipalKey(session.method.key_type, grant.principal) == session.method.principal_key;
    if (!belongs || session.expires_at <= now) return Renewal();
    const RefreshVerdict verdict = JudgeRefresh(session, presented->hash, now);
    if (verdict == RefreshVerdict::kReused) return {Renewal::Kind::kEnd, {}};
    const AccountStatus status = EffectiveStatus(standing.method, now);
    if (status != AccountStatus::kActivated) {
      refreshed.status = AccountInactive(status);
      return Renewal();
    }
    refreshed.status = absl::OkStatus();
    refreshed.now = now;
    refreshed.session = Rotated(session, verdict, successor.hash, now);
    refreshed.permissions =
        session.granted.And(standing.method.method.permissions).And(grant.wanted);
    return {Renewal::Kind::kReplace, refreshed.session};
  };
  ASSIGN_OR_RETURN(const std::optional<Ended> ended,
                   sessions_.Renew(call, grant.company, presented->session, rule));
  if (!ended.has_value()) return WhyNoSession(call, grant, *token);
  Apply(*ended);
  RETURN_IF_ERROR(refreshed.status);
  return Sign(refreshed.session, refreshed.permissions, std::move(successor.text), refreshed.now);
}

absl::StatusOr<std::shared_ptr<const token::AccessToken>> SignIn::TokenOf(
    const RefreshGrant& grant, const SessionId& session) const {
  // Also one whose key was withdrawn meanwhile: it opens nothing, and what it says is compared with
  // the session.
  const auto token = verifier_.VerifyIgnoringTime(grant.access_token, retired_keys_);
  if (absl::IsUnavailable(token.status())) return token.status();
  if (!token.ok() || (*token)->type != token::TokenType::kAccess || (*token)->session != session ||
      (*token)->company != grant.company) {
    return RefreshTokenRefused();
  }
  return token;
}

absl::Status SignIn::WhyNoSession(const CallContext& call, const RefreshGrant& grant,
                                  const token::AccessToken& token) {
  const UserId& user = token.base_permissions_id.empty() ? token.user : token.base_permissions_id;
  const absl::Time now = clock_.Now();
  ASSIGN_OR_RETURN(const std::optional<UserStanding> standing,
                   methods_.FindUser(call, grant.company, user, now));
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

SignedIn SignIn::Sign(const Session& session, PermissionSet permissions, Secret refresh_token,
                      absl::Time now) const {
  token::AccessToken token;
  token.user = session.user;
  token.company = session.company;
  token.permissions = permissions;
  token.guest = session.method.key_type == KeyType::kGuestAccess;
  token.display_name = session.display_name;
  token.base_permissions_id = session.base_user;
  token.session = session.id;
  token.token_id = NewUuid();
  token.issued_at = now;
  token.not_before = now;
  token.expires_at = std::min(now + lifetimes_.access, session.expires_at);

  SignedIn signed_in;
  signed_in.access_token = signer_.Sign(token);
  signed_in.expires_at = token.expires_at;
  signed_in.refresh_token = std::move(refresh_token);
  signed_in.user = token.user;
  signed_in.permissions = permissions;
  return signed_in;
}

// At once in this process; the others hear of it from the feed.
void SignIn::Apply(const Ended& ended) {
  for (const token::Revocation& revocation : ended) revocations_.Add(revocation);
}

}  // namespace usher::auth
