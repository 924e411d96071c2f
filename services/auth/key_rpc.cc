#include "services/auth/key_rpc.h"

#include "absl/time/time.h"
#include "common/rpc/gate/binding.h"

namespace usher::auth {
namespace {

namespace token_wire = ::usher::token::v1;

void ToWire(const token::SigningKey& key, token_wire::PublicKey* to) {
  to->set_key_id(key.key_id.data(), key.key_id.size());
  to->set_public_key(key.public_key.data(), key.public_key.size());
  to->set_not_before(absl::ToUnixSeconds(key.not_before));
}

}  // namespace

KeyRpc::KeyRpc(rpc::Gate& gate, const token::TokenSigner& signer) : signer_(signer) {
  rpc::Binding bind(gate, *this, "usher.token.v1.KeyService");
  bind.ServeOpen("list", {.name = "token.keys", .lane = rpc::Lane::kInline, .reads = true},
                 &KeyRpc::List);
}

absl::Status KeyRpc::List(const CallContext& /*call*/,
                          const token_wire::ListKeysRequest& /*request*/,
                          token_wire::ListKeysReply& reply) {
  const auto published = signer_.keys();
  for (const token::SigningKey& key : *published) ToWire(key, reply.add_keys());
  return absl::OkStatus();
}

}  // namespace usher::auth
