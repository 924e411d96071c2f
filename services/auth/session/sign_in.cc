#include "services/auth/session/sign_in.h"

#include <utility>

#include "common/base/log.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/method_errors.h"
#include "services/auth/session/sign_in_errors.h"

namespace usher::auth {
namespace {

constexpr int kMostTries = 2;

MethodKey KeyOf(KeyType key_type, const std::string& principal) {
  return {key_type, PrincipalKey(key_type, principal)};
}

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

const char* WhatIs(KeyType key_type) {
  switch (key_type) {
    case KeyType::kPassword:
      return "sign-in by password";
    case KeyType::kAuthorizationCode:
      return "sign-in by code";
    case KeyType::kGuestAccess:
      return "sign-in of a guest";
    default:
      return "sign-in by other means";
  }
}

}  // namespace

Guess SignIn::GuessOf(const SecretGrant& grant, const std::optional<MethodStanding>& standing) {
  return {.company = grant.company,
          .principal = grant.key.principal_key,
          .user = standing.has_value() ? standing->method.user : UserId(),
          .what = WhatIs(grant.key.key_type),
          .can_be_guessed = NeedsSlowHash(grant.secret.Reveal(), grant.kind)};
}

absl::StatusOr<SignedIn> SignIn::WithPassword(const CallContext& call, const PasswordGrant& grant) {
  return WithSecret(call, {.company = grant.company,
                           .key = KeyOf(KeyType::kPassword, grant.username),
                           .secret = grant.password,
                           .kind = SecretKind::kPassword,
                           .wanted = grant.wanted});
}

absl::StatusOr<SignedIn> SignIn::WithCode(const CallContext& call, const CodeGrant& grant) {
  return WithSecret(call, {.company = grant.company,
                           .key = KeyOf(KeyType::kAuthorizationCode, grant.client_id),
                           .secret = grant.code,
                           .kind = SecretKind::kCode,
                           .wanted = grant.wanted});
}

absl::StatusOr<SignedIn> SignIn::AsGuest(const CallContext& call, const GuestGrant& grant) {
  return WithSecret(call, {.company = grant.company,
                           .key = KeyOf(KeyType::kGuestAccess, grant.user.value()),
                           .secret = grant.code,
                           .kind = SecretKind::kGuestCode,
                           .wanted = grant.wanted,
                           .display_name = grant.display_name});
}

absl::StatusOr<SignedIn> SignIn::WithSecret(const CallContext& call, SecretGrant grant) {
  grant.associated_data = AssociatedData(grant.company, grant.key);
  for (int attempt = 1; attempt <= kMostTries; ++attempt) {
    ASSIGN_OR_RETURN(std::optional<SignedIn> signed_in, TryWithSecret(call, grant));
    if (signed_in.has_value()) return *std::move(signed_in);
  }
  return ChangedMeanwhile();
}

absl::StatusOr<std::optional<SignedIn>> SignIn::TryWithSecret(const CallContext& call,
                                                              const SecretGrant& grant) {
  ASSIGN_OR_RETURN(const VerifiedMethod verified, Verified(call, grant));
  ASSIGN_OR_RETURN(
      std::optional<SignedIn> signed_in,
      Open(call, verified.method, {.wanted = grant.wanted, .display_name = grant.display_name}));
  if (signed_in.has_value() && verified.outdated) Rehash(call, grant, verified.method);
  return signed_in;
}

absl::StatusOr<std::optional<SignedIn>> SignIn::Open(const CallContext& call,
                                                     const Method& verified, const Entry& entry) {
  Session session = SessionOf(verified, entry.wanted, entry.display_name);
  RefreshToken refresh_token = refresh_tokens_.Make(session.id);
  session.good_hashes = {refresh_token.hash};
  ASSIGN_OR_RETURN(const std::optional<Opened> opened,
                   opening_.Open(call, session, verified, entry.longest));
  if (!opened.has_value()) return std::optional<SignedIn>();
  session.expires_at = opened->expires_at;
  // At once in this process; the others hear of it from the feed.
  revocations_.Add(opened->ended);
  uses_.Note(session.company, session.method, opened->at);
  SignedIn signed_in =
      signer_.Sign(session, session.granted, std::move(refresh_token.text), opened->at);
  signed_in.linked = opened->linked;
  return std::optional<SignedIn>(std::move(signed_in));
}

absl::StatusOr<SignIn::VerifiedMethod> SignIn::Verified(const CallContext& call,
                                                        const SecretGrant& grant) {
  std::optional<MethodStanding> standing;
  if (!grant.company.empty()) {
    ASSIGN_OR_RETURN(standing, methods_.FindMethod(call, grant.company, grant.key));
  }
  const Guess guess = GuessOf(grant, standing);
  SecretMatch match;
  RETURN_IF_ERROR(throttle_.Check(call, guess, CredentialsRefused(), [&]() -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(match, Matched(call, grant, standing));
    return match.matches;
  }));
  const AccountStatus status = EffectiveStatus(*standing, standing->read_at);
  if (status != AccountStatus::kActivated) {
    const absl::Status inactive = AccountInactive(status);
    throttle_.NoteRefusal(call, guess, inactive);
    return inactive;
  }
  return VerifiedMethod{std::move(standing->method), match.outdated};
}

absl::StatusOr<SecretMatch> SignIn::Matched(const CallContext& call, const SecretGrant& grant,
                                            const std::optional<MethodStanding>& standing) {
  if (standing.has_value()) {
    return vault_.Verify(call, grant.secret, grant.kind, standing->method.sealed_secret,
                         grant.associated_data);
  }
  RETURN_IF_ERROR(vault_.VerifyAgainstNothing(call, grant.secret, grant.kind));
  return SecretMatch();
}

// Whoever is signed in stays so, whether this works or not.
void SignIn::Rehash(const CallContext& call, const SecretGrant& grant, const Method& method) {
  const absl::StatusOr<std::string> sealed =
      vault_.Hash(call, grant.secret, grant.kind, grant.associated_data);
  const absl::Status status = sealed.ok() ? methods_.ReplaceSecret(call, grant.company, grant.key,
                                                                   method.sealed_secret, *sealed)
                                          : sealed.status();
  if (!status.ok()) {
    log::Warning("a secret was not hashed anew",
                 {{"request_id", call.request_id}, {"error", status.message()}});
  }
}

}  // namespace usher::auth
