#include "common/token/hs256_jwt.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace usher::token {
namespace hs256_jwt_test {

const Secret& AKey() {
  static const Secret key("secret of at least thirty-two by");
  return key;
}

// RFC 7515, appendix A.1: its key, and its token, whose header has other blanks than ours.
TEST(Hs256Jwt, TheExampleOfTheStandardIsVerified) {
  std::string key;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(
      "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
      &key));
  const auto claims = VerifyHs256(
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
      "fQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
      Secret(key));
  ASSERT_TRUE(claims.ok()) << claims.status();
  EXPECT_EQ(*claims,
            "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
}

TEST(Hs256Jwt, WhatWasSignedIsVerified) {
  const std::string jwt = SignHs256(R"({"iss":"key"})", AKey());
  EXPECT_EQ(VerifyHs256(jwt, AKey()).value(), R"({"iss":"key"})");
  EXPECT_EQ(UnverifiedClaims(jwt).value(), R"({"iss":"key"})");
}

TEST(Hs256Jwt, AnotherKeyDoesNotVerify) {
  const std::string jwt = SignHs256("{}", AKey());
  EXPECT_TRUE(absl::IsUnauthenticated(VerifyHs256(jwt, Secret("another")).status()));
}

TEST(Hs256Jwt, AnEmptyKeyVerifiesNothing) {
  EXPECT_FALSE(VerifyHs256(SignHs256("{}", Secret("")), Secret("")).ok());
}

TEST(Hs256Jwt, NoByteCanBeChanged) {
  const std::string jwt = SignHs256(R"({"iss":"key"})", AKey());
  for (size_t at = 0; at < jwt.size() - 1; ++at) {  // of the last one two bits say nothing
    std::string changed = jwt;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(VerifyHs256(changed, AKey()).ok()) << at;
  }
}

TEST(Hs256Jwt, AHeaderThatAsksForNoSignatureGetsNothing) {
  const std::string unsigned_text =
      absl::StrCat(Base64Url(R"({"alg":"none"})"), ".", Base64Url("{}"), ".");
  EXPECT_FALSE(VerifyHs256(unsigned_text, AKey()).ok());
  EXPECT_FALSE(VerifyHs256(absl::StrCat(unsigned_text, "AA"), AKey()).ok());
}

TEST(Hs256Jwt, WhatIsNoTokenIsRefused) {
  for (const std::string text :
       {"", ".", "..", "a.b", "a.b.c.d", "a b.c.d", "a=.b.c", " a.b.c", "a.b.c\n"}) {
    EXPECT_FALSE(VerifyHs256(text, AKey()).ok()) << text;
  }
  EXPECT_FALSE(UnverifiedClaims("a.b").ok());
  EXPECT_FALSE(VerifyHs256(SignHs256(std::string(20000, ' '), AKey()), AKey()).ok());
}

}  // namespace hs256_jwt_test
}  // namespace usher::token
