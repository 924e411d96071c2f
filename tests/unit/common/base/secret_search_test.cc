#include "tests/support/secret_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace usher {
namespace secret_search_test {

using ::testing::HasSubstr;

TEST(SecretSearch, FindsASecretInEveryEncoding) {
  const std::string secret("\x01pass\xff\xfe\"word\x00 9", 14);
  SecretSearch search;
  search.Add("the password", secret);
  for (const std::string& form :
       {secret, absl::BytesToHexString(secret), absl::CEscape(secret), absl::Base64Escape(secret),
        absl::Base64Escape("a" + secret + "b"), absl::Base64Escape("ab" + secret),
        absl::WebSafeBase64Escape("{" + secret)}) {
    EXPECT_THAT(search.FindIn(absl::StrCat("line: ", form, "\n")), HasSubstr("the password"))
        << form;
  }
  EXPECT_EQ(search.FindIn("line: password"), "");
}

TEST(SecretSearch, FindsAnExcerptOfALongSecret) {
  const std::string secret = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  SecretSearch search;
  search.Add("the token", secret);
  EXPECT_EQ(search.FindIn(secret.substr(0, 20)), "the token");
  EXPECT_EQ(search.FindIn(secret.substr(17, 20)), "the token");
  EXPECT_EQ(search.FindIn(secret.substr(0, 8)), "");
}

TEST(SecretSearch, IgnoresWhatIsEmpty) {
  SecretSearch search;
  search.Add("nothing", "");
  EXPECT_EQ(search.FindIn("a line"), "");
}

}  // namespace secret_search_test
}  // namespace usher
