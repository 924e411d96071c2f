// usher.token.v1.KeyService: the public keys, for whoever verifies tokens.
#pragma once

#include <usher/token/v1/claims.pb.h>

#include "common/rpc/call/service.h"
#include "common/rpc/gate/gate.h"
#include "common/token/token_signer.h"

namespace usher::auth {

class KeyRpc final : public rpc::Service {
 public:
  KeyRpc(rpc::Gate& gate, const token::TokenSigner& signer);

 private:
  absl::Status List(const CallContext& call, const ::usher::token::v1::ListKeysRequest& request,
                    ::usher::token::v1::ListKeysReply& reply);

  const token::TokenSigner& signer_;
};

}  // namespace usher::auth
