#include "services/auth/local_auth_source.h"

#include "common/status/try.h"

namespace usher::auth {
namespace {

constexpr absl::Duration kLongestLook = absl::Seconds(2);

}  // namespace

absl::StatusOr<rpc::FeedPage> LocalAuthSource::Read(int64_t after) {
  CallContext call;
  call.rpc = "auth.feed";
  call.request_id = "auth-feed";
  call.deadline = absl::Now() + kLongestLook;
  const absl::Time horizon = clock_.Now() - kRevocationLife;
  rpc::FeedPage page;
  ASSIGN_OR_RETURN(page.revocations, store_.ListRevocations(call, after, horizon));
  page.keys = Keys();
  page.more = page.revocations.size() >= RevocationStore::kLargestPage;
  log_.Append(page.revocations);
  log_.Forget(horizon);
  return page;
}

absl::StatusOr<rpc::FeedPage> LocalAuthSource::PassOn(int64_t after) const {
  ASSIGN_OR_RETURN(rpc::FeedPage page, log_.After(after));
  page.keys = Keys();
  return page;
}

std::map<token::KeyId, token::PublicKey> LocalAuthSource::Keys() const {
  std::map<token::KeyId, token::PublicKey> keys;
  const auto published = signer_.keys();
  for (const token::SigningKey& key : *published) keys.emplace(key.key_id, key.public_key);
  return keys;
}

}  // namespace usher::auth
