// Signs tokens. Linked only into the service that issues them.
#pragma once

#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/token/access_token.h"
#include "common/token/key_file.h"

namespace usher::token {

// Thread-safe: immutable after construction.
class TokenSigner {
 public:
  // `keys` is not empty. Signs with the newest key whose not_before has come; before all of them,
  // with the oldest.
  TokenSigner(std::vector<SigningKey> keys, const Clock& clock);

  std::string Sign(const AccessToken& token) const;

  const std::vector<SigningKey>& keys() const { return keys_; }

 private:
  const SigningKey& Current() const;

  const std::vector<SigningKey> keys_;
  const Clock& clock_;
};

}  // namespace usher::token
