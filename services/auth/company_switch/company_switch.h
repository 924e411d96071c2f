// Going on with a session in another company.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/base/secret.h"
#include "common/token/revocations.h"
#include "common/token/token_verifier.h"
#include "services/auth/company_switch/link_store.h"
#include "services/auth/method/method_store.h"
#include "services/auth/session/refresh_token.h"
#include "services/auth/session/session_opening.h"
#include "services/auth/session/session_signer.h"
#include "services/auth/session/session_store.h"

namespace usher::auth {

struct SwitchGrant {
  CompanyId company;      // to switch to
  std::string principal;  // of the session
  Secret refresh_token;
  std::string access_token;  // must be good
  PermissionSet wanted;      // what the token may have at most
};

// Thread-safe. Asks the database; hashes nothing slowly.
class CompanySwitch {
 public:
  CompanySwitch(MethodStore& methods, LinkStore& links, SessionStore& sessions,
                SessionOpening& opening, const RefreshTokens& refresh_tokens,
                const SessionSigner& signer, token::TokenVerifier& verifier,
                token::Revocations& revocations)
      : methods_(methods),
        links_(links),
        sessions_(sessions),
        opening_(opening),
        refresh_tokens_(refresh_tokens),
        signer_(signer),
        verifier_(verifier),
        revocations_(revocations) {}

  // Ends the session, and opens one of the company that is wished, with the method that a link
  // leads to (link_store.h) or, in the own company, the session's own. It ends no later than the
  // one before would have. RefreshTokenRefused (one that had ended ends the session, wherever it is
  // by now), SwitchRefused, AccountInactive of either account, TOKEN_OUTDATED, and what the stores
  // answer.
  absl::StatusOr<SignedIn> Switch(const CallContext& call, const SwitchGrant& grant);

  // The companies that whoever has signed in may switch to, the own one included, in the order of
  // their IDs; kMostAccounts at most.
  static constexpr size_t kMostAccounts = 1000;
  absl::StatusOr<std::vector<CompanyId>> Accounts(const CallContext& call, const CompanyId& company,
                                                  const SessionId& session, const UserId& user);

 private:
  // The access token of the grant, when it is good and belongs to the session.
  absl::StatusOr<std::shared_ptr<const token::AccessToken>> TokenOf(const SwitchGrant& grant,
                                                                    const SessionId& session);
  // What the session goes on with.
  absl::StatusOr<MethodStanding> Target(const CallContext& call, const SessionStanding& standing,
                                        const CompanyId& to);
  // For somebody has a copy.
  absl::Status EndReused(const CallContext& call, const Session& session,
                         const std::string& presented);
  // The same where the session has moved before.
  absl::Status EndMoved(const CallContext& call, const SwitchGrant& grant,
                        const SessionId& session);

  MethodStore& methods_;
  LinkStore& links_;
  SessionStore& sessions_;
  SessionOpening& opening_;
  const RefreshTokens& refresh_tokens_;
  const SessionSigner& signer_;
  token::TokenVerifier& verifier_;
  token::Revocations& revocations_;
};

// The permissions of the session that goes on: those of the method, but no others than were granted
// before where the sign-in was narrowed; whoever gave a narrow session away did not give more.
PermissionSet PermissionsAfterSwitch(const SessionStanding& before, const Method& target,
                                     PermissionSet wanted);

}  // namespace usher::auth
