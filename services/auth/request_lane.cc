#include "services/auth/request_lane.h"

#include "absl/strings/string_view.h"
#include "common/text/limits.h"
#include "services/auth/secret/secret_vault.h"

namespace usher::auth {
namespace {

using ::authentication::AuthenticationRequest;
using rpc::Lane;

// Longer secrets are refused before they are hashed, and are not even looked at here.
bool Hashes(absl::string_view secret, SecretKind kind) {
  return !secret.empty() && secret.size() <= text::TheLimits().longest_secret &&
         NeedsSlowHash(secret, kind);
}

bool Hashes(const AuthenticationRequest& request) {
  const auto& password = request.usernamepasswordcredentials();
  const auto& code = request.authorizationcodecredentials();
  const auto& guest = request.guestaccesscredentials();
  const auto& invitation = request.activationtokencredentials();
  return Hashes(password.password(), SecretKind::kPassword) ||
         Hashes(code.code(), SecretKind::kCode) || Hashes(guest.code(), SecretKind::kGuestCode) ||
         Hashes(invitation.code(), SecretKind::kCode);
}

}  // namespace

Lane LaneOf(const AuthenticationRequest& request) {
  if (request.has_ldapcredentials()) return Lane::kDirectory;
  return Hashes(request) ? Lane::kHash : Lane::kStore;
}

Lane LaneOf(const ::authentication::AuthenticationCreateRequest& request) {
  // Whether the caller may let guests into a room, the room service knows.
  if (request.authenticationrequest().has_guestaccesscredentials()) return Lane::kSlow;
  // Who gets an account of a directory, is not asked there.
  return Hashes(request.authenticationrequest()) ? Lane::kHash : Lane::kStore;
}

Lane LaneOf(const ::authentication::AuthenticationUpdateRequest& request) {
  const AuthenticationRequest& method = request.authenticationrequest();
  // An invitation to an account of a directory, which is asked whose it is, whatever else is said.
  const bool accepts = method.has_activationtokencredentials();
  if (accepts && method.has_ldapcredentials()) return Lane::kDirectory;
  // Who takes away a method shows no secret.
  if (method.accountstatus() == ::authentication::DELETED) return Lane::kStore;
  // The present secret is checked only where a new one is given.
  const auto& code = method.authorizationcodecredentials();
  // Beside an invitation it may be a password.
  const bool checks =
      !code.code().empty() &&
      Hashes(code.currentcode(), accepts ? SecretKind::kPassword : SecretKind::kCode);
  return checks || Hashes(method) ? Lane::kHash : Lane::kStore;
}

Lane LaneOf(const ::usher::internal::v1::EnsureUserRequest& request) {
  // Guest accesses are refused there.
  if (request.authenticationrequest().has_guestaccesscredentials()) return Lane::kStore;
  return Hashes(request.authenticationrequest()) ? Lane::kHash : Lane::kStore;
}

Lane LaneOf(const ::usher::internal::v1::EnsureCompanyRequest& request) {
  return Hashes(request.authenticationrequest()) ? Lane::kHash : Lane::kStore;
}

}  // namespace usher::auth
