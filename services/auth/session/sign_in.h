// Signing in with a secret: one method per grant. Going on with a session is renewal.h.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/base/secret.h"
#include "common/token/revocations.h"
#include "services/auth/method/method_store.h"
#include "services/auth/secret/secret_vault.h"
#include "services/auth/session/method_uses.h"
#include "services/auth/session/refresh_token.h"
#include "services/auth/session/session_opening.h"
#include "services/auth/session/session_signer.h"
#include "services/auth/throttle/guess_throttle.h"

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

// Thread-safe. Hashes and asks the database (request_lane.h). All grants answer
// AUTHENTICATION_ERROR, AccountInactive (sign_in_errors.h) or TooManyGuesses, besides what
// SecretVault, SessionOpening and the store answer.
class SignIn {
 public:
  SignIn(MethodStore& methods, SecretVault& vault, SessionOpening& opening,
         const RefreshTokens& refresh_tokens, const SessionSigner& signer,
         token::Revocations& revocations, GuessThrottle& throttle, MethodUses& uses)
      : methods_(methods),
        vault_(vault),
        opening_(opening),
        refresh_tokens_(refresh_tokens),
        signer_(signer),
        revocations_(revocations),
        throttle_(throttle),
        uses_(uses) {}

  absl::StatusOr<SignedIn> WithPassword(const CallContext& call, const PasswordGrant& grant);
  absl::StatusOr<SignedIn> WithCode(const CallContext& call, const CodeGrant& grant);

  // Not shareable: ends the session before. Shareable: a new user ID each time.
  absl::StatusOr<SignedIn> AsGuest(const CallContext& call, const GuestGrant& grant);

  // What somebody gets who may come in by a method: for whoever verifies what is not kept here.
  struct Entry {
    PermissionSet wanted;
    std::string display_name = {};                      // of guests
    absl::Duration longest = absl::InfiniteDuration();  // of the session
  };
  // Nothing when the method has changed since it was `verified`.
  absl::StatusOr<std::optional<SignedIn>> Open(const CallContext& call, const Method& verified,
                                               const Entry& entry);

 private:
  // What the grants with a secret have in common.
  struct SecretGrant {
    CompanyId company;
    MethodKey key;
    const Secret& secret;
    SecretKind kind;
    PermissionSet wanted;
    std::string display_name = {};     // of guests
    std::string associated_data = {};  // of the method
  };
  struct VerifiedMethod {
    Method method;
    bool outdated = false;  // its secret, to be hashed anew
  };

  absl::StatusOr<SignedIn> WithSecret(const CallContext& call, SecretGrant grant);
  // Nothing when the method changed between look-up and opening.
  absl::StatusOr<std::optional<SignedIn>> TryWithSecret(const CallContext& call,
                                                        const SecretGrant& grant);
  // The method behind the grant, with its secret verified and everything active.
  absl::StatusOr<VerifiedMethod> Verified(const CallContext& call, const SecretGrant& grant);
  static Guess GuessOf(const SecretGrant& grant, const std::optional<MethodStanding>& standing);
  // Whether the secret of the grant is that of the method, and what becomes of the guess. Nothing
  // stored: after the same work.
  absl::StatusOr<SecretMatch> Matched(const CallContext& call, const SecretGrant& grant,
                                      const std::optional<MethodStanding>& standing);
  void Rehash(const CallContext& call, const SecretGrant& grant, const Method& method);

  MethodStore& methods_;
  SecretVault& vault_;
  SessionOpening& opening_;
  const RefreshTokens& refresh_tokens_;
  const SessionSigner& signer_;
  token::Revocations& revocations_;
  GuessThrottle& throttle_;
  MethodUses& uses_;
};

}  // namespace usher::auth
