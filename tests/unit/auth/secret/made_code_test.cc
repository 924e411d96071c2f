#include "services/auth/secret/made_code.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/auth/secret/secret_vault.h"

namespace usher::auth {
namespace made_code_test {

TEST(MadeCodeTest, AnApiKeyIsToldByItsPrefixAndItsChecksum) {
  const Secret key = MakeApiKey();
  EXPECT_THAT(std::string(key.Reveal()), ::testing::MatchesRegex("usher_[0-9A-Za-z]{49}"));
  EXPECT_TRUE(IsApiKey(key.Reveal()));
  for (size_t i = 0; i < key.size(); ++i) {
    std::string other(key.Reveal());
    other[i] = other[i] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(IsApiKey(other)) << i;
  }
  EXPECT_FALSE(IsApiKey(key.Reveal().substr(1)));
  EXPECT_FALSE(IsApiKey(""));
}

// So that scanners can be written from the documents: the CRC-32 of all zeros.
TEST(MadeCodeTest, TheChecksumIsTheOneThatTheDocumentsSay) {
  EXPECT_TRUE(IsApiKey("usher_" + std::string(43, '0') + "2CZclj"));
}

TEST(MadeCodeTest, NoTwoAreAlikeAndNoneNeedsASlowHash) {
  EXPECT_FALSE(MakeApiKey().EqualsConstantTime(MakeApiKey().Reveal()));
  EXPECT_NE(MakeInvitationToken(), MakeInvitationToken());
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(NeedsSlowHash(MakeApiKey().Reveal(), SecretKind::kCode));
    EXPECT_FALSE(NeedsSlowHash(MakeInvitationCode().Reveal(), SecretKind::kCode));
  }
}

}  // namespace made_code_test
}  // namespace usher::auth
