// The bytes of a token as a stranger sends them.
#include <sodium.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/clock.h"
#include "common/token/envelope.h"
#include "common/token/feed_state.h"
#include "common/token/token_verifier.h"
#include "tests/fuzz/property.h"
#include "tests/support/signed_token.h"

namespace {

using namespace usher;
using namespace usher::token;

// The input as the payload of a token that is signed as it should be.
std::string Signed(const SigningKey& key, absl::string_view payload) {
  const std::string header = absl::StrCat(
      std::string(1, kVersion),
      absl::string_view(reinterpret_cast<const char*>(key.key_id.data()), key.key_id.size()));
  const std::string bytes = SignedBytes(header, payload);
  std::string signature(kSignatureSize, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                       reinterpret_cast<const unsigned char*>(key.secret_key.Reveal().data()));
  return absl::StrCat(header, signature, payload);
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const SigningKey* const key = new SigningKey(AKey(1));
  static const SystemClock clock;
  static KeyRing keys;
  static const Revocations revocations;
  static FeedState feed;
  static const bool filled =
      (keys.Replace(PublicKeysOf({*key})), feed.NoteCompleteRound(feed.Now()), true);
  static TokenVerifier verifier(keys, revocations, feed, clock, 16);
  fuzz::Require(filled, "there is a key");

  const absl::string_view bytes = fuzz::Text(data, size);
  if (const auto envelope = Split(bytes); envelope.has_value()) {
    fuzz::Require(absl::StrCat(envelope->header, envelope->signature, envelope->payload) == bytes,
                  "nothing is lost between header, signature and payload");
    fuzz::Require(envelope->header.size() == kHeaderSize, "a header has its size");
  }
  fuzz::Require(!verifier.Verify(bytes).ok(), "nobody without the key makes a token");
  const auto read = verifier.VerifyIgnoringTime(Signed(*key, bytes));
  fuzz::Require(!read.ok() || ParsePayload(bytes).ok(), "a token says what its payload says");
  return 0;
}
