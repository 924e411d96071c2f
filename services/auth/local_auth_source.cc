#include "services/auth/local_auth_source.h"

namespace usher::auth {
namespace {

constexpr absl::Duration kLongestLook = absl::Seconds(5);

}  // namespace

absl::StatusOr<std::map<token::KeyId, token::PublicKey>> LocalAuthSource::ListKeys() {
  std::map<token::KeyId, token::PublicKey> keys;
  for (const token::SigningKey& key : signer_.keys()) keys.emplace(key.key_id, key.public_key);
  return keys;
}

absl::StatusOr<std::vector<token::Revocation>> LocalAuthSource::ListRevocations(int64_t after) {
  CallContext call;
  call.rpc = "auth.feed";
  call.request_id = "auth-feed";
  call.deadline = absl::Now() + kLongestLook;
  return store_.ListRevocations(call, after, clock_.Now() - kRevocationLife);
}

}  // namespace usher::auth
