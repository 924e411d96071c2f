// What whoever signs in, or goes on with a session, is answered.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "common/base/secret.h"
#include "common/token/token_signer.h"
#include "services/auth/session/session.h"

namespace usher::auth {

struct SignedIn {
  std::string access_token;
  absl::Time expires_at;
  Secret refresh_token;
  UserId user;
  PermissionSet permissions;
  CompanyId company;
  SessionId session;
  bool linked = false;  // as in SessionStanding: whether there may be other companies to go on in
};

// Thread-safe.
class SessionSigner {
 public:
  SessionSigner(const token::TokenSigner& signer, Lifetimes lifetimes)
      : signer_(signer), lifetimes_(lifetimes) {}

  // The session's access token, beside its refresh token. `now` is the database's: it decides
  // between this token and a revocation.
  SignedIn Sign(const Session& session, PermissionSet permissions, Secret refresh_token,
                absl::Time now) const;

 private:
  const token::TokenSigner& signer_;
  const Lifetimes lifetimes_;
};

}  // namespace usher::auth
