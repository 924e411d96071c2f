#include "services/auth/session/refresh_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/escaping.h"

namespace usher::auth {
namespace refresh_token_test {

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

class RefreshTokenTest : public ::testing::Test {
 protected:
  // One key of 32 times each of the letters.
  static Pepper PepperOf(const std::string& letters) {
    std::vector<Secret> keys;
    for (const char letter : letters) keys.emplace_back(std::string(32, letter));
    return Pepper(keys);
  }
  bool IsRefused(absl::string_view text) const { return !tokens_.Parse(text).has_value(); }

  const SessionId session_{NewUuid()};
  const RefreshTokens tokens_{PepperOf("p")};
  const RefreshToken token_ = tokens_.Make(session_);
  const std::string text_{token_.text.Reveal()};
};

TEST_F(RefreshTokenTest, WhatWasMadeIsReadAsItWas) {
  EXPECT_EQ(token_.session, session_);
  EXPECT_EQ(token_.hash.size(), 32u);
  const auto read = tokens_.Parse(text_);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->session, session_);
  EXPECT_EQ(read->text.Reveal(), text_);
  EXPECT_EQ(read->hash, token_.hash);
}

TEST_F(RefreshTokenTest, TheTextIsBase64UrlOfSixtyFourBytesAndTellsNeitherHashNorPepper) {
  EXPECT_EQ(text_.find_first_not_of(kAlphabet), std::string::npos);
  std::string bytes;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(text_, &bytes));
  EXPECT_EQ(bytes.size(), 64u);
  EXPECT_EQ(bytes.find(token_.hash.substr(0, 16)), std::string::npos);
}

TEST_F(RefreshTokenTest, NoTwoAreAlike) {
  std::set<std::string> texts;
  std::set<std::string> hashes;
  for (int i = 0; i < 100; ++i) {
    const RefreshToken token = tokens_.Make(session_);
    texts.emplace(token.text.Reveal());
    hashes.insert(token.hash);
  }
  EXPECT_EQ(texts.size(), 100u);
  EXPECT_EQ(hashes.size(), 100u);
}

TEST_F(RefreshTokenTest, EveryFlippedCharacterIsRefused) {
  const std::string alphabet(kAlphabet);
  for (size_t at = 0; at < text_.size(); ++at) {
    // The other half of the alphabet: of the last character only the two highest bits count.
    const size_t flipped = (alphabet.find(text_[at]) + 32) % 64;
    std::string altered = text_;
    altered[at] = alphabet[flipped];
    EXPECT_TRUE(IsRefused(altered)) << at;
    altered[at] = '!';
    EXPECT_TRUE(IsRefused(altered)) << at;
  }
}

TEST_F(RefreshTokenTest, EveryFlippedBitIsRefused) {
  std::string bytes;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(text_, &bytes));
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string altered = bytes;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_TRUE(IsRefused(Base64Url(altered))) << bit;
  }
}

// RFC 4648, 3.5 and 12: a text is the only one of its bytes.
TEST_F(RefreshTokenTest, TheSameBytesInAnotherSpellingAreRefused) {
  const std::string alphabet(kAlphabet);
  std::string spare_bits = text_;
  spare_bits.back() = alphabet[alphabet.find(text_.back()) ^ 1];
  for (const std::string& spelling : {spare_bits, text_ + "=", text_ + "==", " " + text_,
                                      text_ + " ", "\n" + text_, text_ + "\n", text_ + "\r\n"}) {
    EXPECT_TRUE(IsRefused(spelling)) << spelling;
  }
}

TEST_F(RefreshTokenTest, WhatIsShorterOrLongerIsRefused) {
  for (size_t size = 0; size < text_.size(); ++size) {
    EXPECT_TRUE(IsRefused(text_.substr(0, size))) << size;
  }
  EXPECT_TRUE(IsRefused(text_ + "A"));
  EXPECT_TRUE(IsRefused(text_ + text_));
  EXPECT_TRUE(IsRefused(std::string(64, '\0')));
  EXPECT_TRUE(IsRefused(Base64Url(Secret::Random(64).Reveal())));
}

TEST_F(RefreshTokenTest, TheSecretOfOneSessionDoesNotFitAnother) {
  std::string bytes;
  std::string other;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(text_, &bytes));
  ASSERT_TRUE(
      absl::WebSafeBase64Unescape(tokens_.Make(SessionId(NewUuid())).text.Reveal(), &other));
  EXPECT_TRUE(IsRefused(Base64Url(other.substr(0, 16) + bytes.substr(16))));
  EXPECT_TRUE(IsRefused(Base64Url(other.substr(0, 48) + bytes.substr(48))));
}

TEST_F(RefreshTokenTest, AnotherPepperReadsNothing) {
  const RefreshTokens another(PepperOf("q"));
  EXPECT_FALSE(another.Parse(text_).has_value());
  EXPECT_TRUE(IsRefused(another.Make(session_).text.Reveal()));
}

// A new pepper is appended: nobody is signed out by it.
TEST_F(RefreshTokenTest, AFurtherPepperReadsWhatTheFirstMade) {
  const RefreshTokens both(PepperOf("pq"));
  const auto read = both.Parse(text_);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->session, session_);
  EXPECT_EQ(read->hash, token_.hash);
}

}  // namespace refresh_token_test
}  // namespace usher::auth
