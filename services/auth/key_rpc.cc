#include "services/auth/key_rpc.h"

#include "absl/time/time.h"

namespace usher::auth {
namespace {

using ::usher::token::v1::KeyService;

void ToWire(const token::SigningKey& key, ::usher::token::v1::PublicKey* wire) {
  wire->set_key_id(key.key_id.data(), key.key_id.size());
  wire->set_public_key(key.public_key.data(), key.public_key.size());
  wire->set_not_before(absl::ToUnixSeconds(key.not_before));
}

}  // namespace

KeyRpc::KeyRpc(rpc::Gate& gate, const token::TokenSigner& signer) {
  using Async = KeyService::AsyncService;
  Expose(service_, KeyService::service_full_name());
  gate.ServeOpen(*this, service_, {.name = "token.keys", .lane = rpc::Lane::kInline},
                 &Async::Requestlist,
                 [&signer](const CallContext&, const auto&, auto& reply) -> absl::Status {
                   for (const token::SigningKey& key : signer.keys()) {
                     ToWire(key, reply.add_keys());
                   }
                   return absl::OkStatus();
                 });
}

}  // namespace usher::auth
