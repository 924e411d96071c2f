// Keys and revocations as auth itself has them: from its signer and its database.
#pragma once

#include <map>
#include <vector>

#include "common/base/clock.h"
#include "common/rpc/auth_feed.h"
#include "common/token/token_signer.h"
#include "services/auth/method_store.h"

namespace usher::auth {

// How long a revocation can meet a token that it is about: no token lives longer.
inline constexpr absl::Duration kRevocationLife = absl::Hours(48);

class LocalAuthSource final : public rpc::AuthSource {
 public:
  LocalAuthSource(const token::TokenSigner& signer, MethodStore& store, const Clock& clock)
      : signer_(signer), store_(store), clock_(clock) {}

  absl::StatusOr<std::map<token::KeyId, token::PublicKey>> ListKeys() override;
  absl::StatusOr<std::vector<token::Revocation>> ListRevocations(int64_t after) override;

 private:
  const token::TokenSigner& signer_;
  MethodStore& store_;
  const Clock& clock_;
};

}  // namespace usher::auth
