#include "common/text/language_tag.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/status_matchers.h"

namespace usher::text {
namespace language_tag_test {

using ::testing::HasSubstr;

// RFC 5646, appendix A, and what section 2.1 allows besides.
TEST(LanguageTag, WhatIsWellFormedIsTakenAsItWasGiven) {
  for (const char* tag : {"de",
                          "DE-de",
                          "zh-Hant",
                          "zh-cmn-Hans-CN",
                          "zh-yue-HK",
                          "zh-min-nan",
                          "sr-Latn-RS",
                          "sl-rozaj-biske",
                          "hy-Latn-IT-arevela",
                          "de-1996",
                          "de-CH-1901",
                          "es-419",
                          "de-CH-x-phonebk",
                          "az-Arab-x-AZE-derbend",
                          "x-whatever",
                          "X-a-b",
                          "qaa-Qaaa-QM-x-southern",
                          "en-US-u-islamcal",
                          "zh-CN-a-myext-x-private",
                          "en-a-myext-b-another",
                          "art-lojban",
                          "abcd-DE",
                          "abcdefgh"}) {
    EXPECT_THAT(OptionalLanguageTag("UILanguage", tag), IsOkAndHolds(tag)) << tag;
  }
}

TEST(LanguageTag, WhatIsNotWellFormedIsRefused) {
  for (const char* tag : {"d",
                          "de_DE",
                          "de-",
                          "-de",
                          "de--DE",
                          "the german language",
                          "deutschland",
                          "123",
                          "de-419-DE",
                          "de-DE-DE",
                          "abcd-abc",
                          "a-DE",
                          "i-klingon",
                          "de-a",
                          "de-x",
                          "x",
                          "x-",
                          "ar-a-aaa-b-bbb-A-ccc",
                          "de-abcdefghi",
                          "x-abcdefghi",
                          "d\xc3\xa9",
                          "de\xff",
                          "de,en",
                          "de;q=1",
                          "*"}) {
    EXPECT_THAT(OptionalLanguageTag("UILanguage", tag), HasReplyCode(::common::PROTOCOL_ERROR))
        << tag;
  }
  EXPECT_THAT(OptionalLanguageTag("UILanguage", std::string("de\0", 3)),
              HasReplyCode(::common::PROTOCOL_ERROR));
}

TEST(LanguageTag, BlanksAroundItDoNotCountAndNothingIsNone) {
  EXPECT_THAT(OptionalLanguageTag("UILanguage", " de-DE\n"), IsOkAndHolds("de-DE"));
  EXPECT_THAT(OptionalLanguageTag("UILanguage", ""), IsOkAndHolds(""));
  EXPECT_THAT(OptionalLanguageTag("UILanguage", "  "), IsOkAndHolds(""));
}

TEST(LanguageTag, ItHasALengthAndTheRefusalNamesTheField) {
  std::string tag = "de-x";
  while (tag.size() < 62) absl::StrAppend(&tag, "-ab");
  tag.resize(64, 'a');
  EXPECT_OK(OptionalLanguageTag("UILanguage", tag));
  EXPECT_THAT(OptionalLanguageTag("UILanguage", tag + "a"),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(OptionalLanguageTag("UILanguage", std::string(1 << 20, 'a')),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  const absl::Status refused = OptionalLanguageTag("user.locale.UILanguage", "de_DE").status();
  EXPECT_THAT(std::string(refused.message()), HasSubstr("user.locale.UILanguage"));
}

}  // namespace language_tag_test
}  // namespace usher::text
