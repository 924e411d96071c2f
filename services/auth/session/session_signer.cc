#include "services/auth/session/session_signer.h"

#include <algorithm>
#include <utility>

namespace usher::auth {

SignedIn SessionSigner::Sign(const Session& session, PermissionSet permissions,
                             Secret refresh_token, absl::Time now) const {
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
  signed_in.company = token.company;
  signed_in.session = token.session;
  return signed_in;
}

}  // namespace usher::auth
