// The payload of a token, behind the signature: ours, or of a key that fell into wrong hands.
#include "common/token/access_token.h"
#include "tests/fuzz/property.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace usher;
  const auto token = token::ParsePayload(fuzz::Text(data, size));
  if (!token.ok()) return 0;
  fuzz::Require(!token->user.empty() && !token->company.empty(), "a token names user and company");
  const std::string written = token::SerializePayload(*token);
  const auto again = token::ParsePayload(written);
  fuzz::Require(again.ok(), "what was read can be written and read again");
  fuzz::Require(token::SerializePayload(*again) == written, "and says the same");
  return 0;
}
