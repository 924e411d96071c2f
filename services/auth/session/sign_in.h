// Signing in: one method per grant. Opens sessions, continues them, and signs their tokens.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "common/base/clock.h"
#include "common/base/secret.h"
#include "common/token/revocations.h"
#include "common/token/token_signer.h"
#include "common/token/token_verifier.h"
#include "services/auth/method/method_store.h"
#include "services/auth/secret/secret_vault.h"
#include "services/auth/session/session_store.h"

namespace usher::auth {

// In all grants `wanted` is what the token may have at most; of that it gets what the method has.
struct PasswordGrant {
  CompanyId company;
  std::string username;
  Secret password;
  PermissionSet wanted;
};

struct CodeGrant {
  CompanyId company;
  std::string client_id;
  Secret code;
  PermissionSet wanted;
};

struct GuestGrant {
  CompanyId company;
  UserId user;
  Secret code;
  std::string display_name;  // empty: the one that is stored
  PermissionSet wanted;
};

struct RefreshGrant {
  CompanyId company;
  std::string principal;
  Secret refresh_token;
  std::string access_token;
  PermissionSet wanted;
};

struct SignedIn {
  std::string access_token;
  absl::Time expires_at;
  Secret refresh_token;
  UserId user;
  PermissionSet permissions;
};

// Thread-safe. Hashes and asks the database: Lane::kSlow. All grants answer
// AUTHENTICATION_ERROR or AccountInactive (sign_in_errors.h), besides what SecretVault and the
// stores answer.
class SignIn {
 public:
  // `retired_keys`: withdrawn signing keys whose last tokens still serve to refresh a session.
  SignIn(MethodStore& methods, SessionStore& sessions, SecretVault& vault,
         const token::TokenSigner& signer, const token::TokenVerifier& verifier,
         token::Revocations& revocations, const Clock& clock, Lifetimes lifetimes,
         std::map<token::KeyId, token::PublicKey> retired_keys = {})
      : methods_(methods),
        sessions_(sessions),
        vault_(vault),
        signer_(signer),
        verifier_(verifier),
        revocations_(revocations),
        clock_(clock),
        lifetimes_(lifetimes),
        retired_keys_(std::move(retired_keys)) {}

  absl::StatusOr<SignedIn> WithPassword(const CallContext& call, const PasswordGrant& grant);
  absl::StatusOr<SignedIn> WithCode(const CallContext& call, const CodeGrant& grant);

  // Not shareable: ends the session before. Shareable: a new user ID each time.
  absl::StatusOr<SignedIn> AsGuest(const CallContext& call, const GuestGrant& grant);

  // Replaces the refresh token. One that had ended ends the whole session, but within 30 seconds,
  // while its successor was not used, it is taken for a lost reply and answered once more.
  absl::StatusOr<SignedIn> WithRefreshToken(const CallContext& call, const RefreshGrant& grant);

 private:
  // What the grants with a secret have in common.
  struct SecretGrant {
    CompanyId company;
    MethodKey key;
    const Secret& secret;
    SecretKind kind;
    PermissionSet wanted;
    std::string display_name;
  };

  absl::StatusOr<SignedIn> WithSecret(const CallContext& call, const SecretGrant& grant);
  // Nothing when the method changed between look-up and opening.
  absl::StatusOr<std::optional<SignedIn>> TryWithSecret(const CallContext& call,
                                                        const SecretGrant& grant);
  // The method behind the grant, with its secret verified and everything active.
  absl::StatusOr<Method> Verified(const CallContext& call, const SecretGrant& grant);
  // Nothing when the method changed since it was verified.
  absl::StatusOr<std::optional<Opened>> Open(const CallContext& call, const Session& session,
                                             const Method& method);
  void RehashIfNeeded(const CallContext& call, const SecretGrant& grant, const Method& method);

  // The access token of a refresh grant, when it belongs to the session.
  absl::StatusOr<std::shared_ptr<const token::AccessToken>> TokenOf(const RefreshGrant& grant,
                                                                    const SessionId& session) const;
  // Why there is no session where a refresh token names one: it ended, or the account did.
  absl::Status WhyNoSession(const CallContext& call, const RefreshGrant& grant,
                            const token::AccessToken& token);

  // `now` is the database's: it decides between this token and a revocation.
  SignedIn Sign(const Session& session, PermissionSet permissions, Secret refresh_token,
                absl::Time now) const;
  void Apply(const Ended& ended);

  MethodStore& methods_;
  SessionStore& sessions_;
  SecretVault& vault_;
  const token::TokenSigner& signer_;
  const token::TokenVerifier& verifier_;
  token::Revocations& revocations_;
  const Clock& clock_;
  const Lifetimes lifetimes_;
  const std::map<token::KeyId, token::PublicKey> retired_keys_;
};

}  // namespace usher::auth
