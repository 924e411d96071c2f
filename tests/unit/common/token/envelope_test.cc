#include "common/token/envelope.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace usher::token {
namespace envelope_test {

const std::string& AnEnvelope() {
  static const std::string bytes =
      absl::StrCat("\x01", "KEYIDKEY", std::string(64, 's'), "payload");
  return bytes;
}

TEST(Envelope, SplitsIntoItsParts) {
  const auto envelope = Split(AnEnvelope());
  ASSERT_TRUE(envelope.has_value());
  EXPECT_EQ(envelope->header, "\x01KEYIDKEY");
  EXPECT_EQ(envelope->key_id, (KeyId{'K', 'E', 'Y', 'I', 'D', 'K', 'E', 'Y'}));
  EXPECT_EQ(envelope->signature, std::string(64, 's'));
  EXPECT_EQ(envelope->payload, "payload");
}

TEST(Envelope, RefusesAnotherVersion) {
  for (const char version : {'\x00', '\x02', '\x81', '\xff'}) {
    std::string bytes = AnEnvelope();
    bytes[0] = version;
    EXPECT_FALSE(Split(bytes).has_value());
  }
}

TEST(Envelope, RefusesWhatIsTooShortOrTooLong) {
  for (size_t size = 0; size <= kHeaderSize + kSignatureSize; ++size) {
    EXPECT_FALSE(Split(AnEnvelope().substr(0, size)).has_value()) << size;
  }
  EXPECT_TRUE(Split(AnEnvelope().substr(0, kHeaderSize + kSignatureSize + 1)).has_value());
  std::string large = AnEnvelope();
  large.resize(kLargestToken, 'x');
  EXPECT_TRUE(Split(large).has_value());
  large.push_back('x');
  EXPECT_FALSE(Split(large).has_value());
}

TEST(SignedBytes, PutsALengthBeforeEachPiece) {
  EXPECT_EQ(absl::BytesToHexString(SignedBytes("ab", "c")),
            "0300000000000000"
            "0e00000000000000"
            "75736865722e746f6b656e2e7631"  // usher.token.v1
            "0200000000000000"
            "6162"
            "0100000000000000"
            "63");
}

TEST(SignedBytes, DiffersWhenAByteMovesFromOnePieceToTheNext) {
  EXPECT_NE(SignedBytes("ab", "c"), SignedBytes("a", "bc"));
  EXPECT_NE(SignedBytes("ab", ""), SignedBytes("a", "b"));
}

}  // namespace envelope_test
}  // namespace usher::token
