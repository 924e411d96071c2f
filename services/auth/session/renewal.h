// Going on with a session by its refresh token.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/base/clock.h"
#include "common/base/secret.h"
#include "common/token/key_ring.h"
#include "common/token/revocations.h"
#include "common/token/token_verifier.h"
#include "services/auth/method/known_user_store.h"
#include "services/auth/method/method_store.h"
#include "services/auth/session/refresh_token.h"
#include "services/auth/session/session_signer.h"
#include "services/auth/session/session_store.h"

namespace usher::auth {

struct RefreshGrant {
  CompanyId company;
  std::string principal;
  Secret refresh_token;
  std::string access_token;
  PermissionSet wanted;  // what the token may have at most
};

// Thread-safe. Asks the database; hashes nothing slowly.
class Renewal {
 public:
  // `retired_keys`: withdrawn signing keys whose last tokens still serve to refresh a session;
  // null: none.
  Renewal(MethodStore& methods, KnownUserStore& users, SessionStore& sessions,
          const RefreshTokens& refresh_tokens, const SessionSigner& signer,
          const token::TokenVerifier& verifier, token::Revocations& revocations, const Clock& clock,
          const token::KeyRing* retired_keys = nullptr)
      : methods_(methods),
        users_(users),
        sessions_(sessions),
        refresh_tokens_(refresh_tokens),
        signer_(signer),
        verifier_(verifier),
        revocations_(revocations),
        clock_(clock),
        retired_keys_(retired_keys) {}

  // Replaces the refresh token. One that had ended ends the whole session, but within 30 seconds,
  // while no successor was used, it is taken for a lost reply and answered a further one.
  // RefreshTokenRefused, RefreshTokenAnswered, AccountInactive, and what the stores answer.
  absl::StatusOr<SignedIn> WithRefreshToken(const CallContext& call, const RefreshGrant& grant);

 private:
  // The access token of the grant, when it belongs to the session and may be followed by another.
  absl::StatusOr<std::shared_ptr<const token::AccessToken>> TokenOf(const RefreshGrant& grant,
                                                                    const SessionId& session) const;
  // The session of the token has moved to another company, and somebody has a copy of what it was
  // refreshed with: wherever it is by now, it ends.
  absl::Status EndMoved(const CallContext& call, const RefreshGrant& grant,
                        const token::AccessToken& token);
  // Why there is no session where a refresh token names one: it ended, or the account did.
  absl::Status WhyNoSession(const CallContext& call, const RefreshGrant& grant,
                            const token::AccessToken& token);

  MethodStore& methods_;
  KnownUserStore& users_;
  SessionStore& sessions_;
  const RefreshTokens& refresh_tokens_;
  const SessionSigner& signer_;
  const token::TokenVerifier& verifier_;
  token::Revocations& revocations_;
  const Clock& clock_;
  const token::KeyRing* const retired_keys_;
};

}  // namespace usher::auth
