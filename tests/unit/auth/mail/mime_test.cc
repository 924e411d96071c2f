#include "services/auth/mail/mime.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace usher::auth {
namespace mime_test {

using ::testing::HasSubstr;
using ::testing::Not;

// What a mail reader makes of it.
std::string Decoded(absl::string_view header) {
  std::string text;
  for (absl::string_view word : absl::StrSplit(header, "\r\n ")) {
    std::string part;
    if (absl::ConsumePrefix(&word, "=?UTF-8?B?") && absl::ConsumeSuffix(&word, "?=")) {
      EXPECT_TRUE(absl::Base64Unescape(word, &part));
    } else {
      part = std::string(word);
    }
    text += part;
  }
  return text;
}

size_t LongestLine(absl::string_view text) {
  size_t longest = 0;
  for (const absl::string_view line : absl::StrSplit(text, "\r\n")) {
    longest = std::max(longest, line.size());
  }
  return longest;
}

TEST(HeaderTextTest, HarmlessWordsStandAsTheyAre) {
  EXPECT_EQ(HeaderText("Set a new password for Acme 2-go", 9), "Set a new password for Acme 2-go");
  EXPECT_EQ(HeaderText("", 9), "");
}

TEST(HeaderTextTest, EverythingElseIsEncodedAndCanBeRead) {
  for (const char* text :
       {"Neues Passwort f\xC3\xBCr M\xC3\xBCller & S\xC3\xB6hne", "a <b@c.org>, \"d\"", " x", "x ",
        "=?UTF-8?B?eA==?=", "\xF0\x9F\x98\x80 smile", "a, b; c: d (e) [f] \\g"}) {
    const std::string header = HeaderText(text, 9);
    EXPECT_EQ(Decoded(header), text);
    EXPECT_THAT(header, ::testing::StartsWith("=?UTF-8?B?"));
  }
}

TEST(HeaderTextTest, LongTextIsFoldedBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "\xC3\xA4";
  const std::string header = HeaderText(text, 9);
  EXPECT_EQ(Decoded(header), text);
  EXPECT_LE(LongestLine(header), kLongestMailLine);
}

TEST(HeaderTextTest, L13NoLineEndsButWhereItIsFolded) {
  for (const std::string& text : {std::string("a\r\nBcc: eve@evil.example"), std::string("a\nX: y"),
                                  std::string("a\rX: y"), std::string("a\0b", 3),
                                  std::string("a\xE2\x80\xA8"
                                              "b"),
                                  std::string("a\xC2\x85"
                                              "b"),
                                  std::string("\xff\xfe\r\n\r\nbody")}) {
    const std::string header = HeaderText(text, 9);
    const std::string decoded = Decoded(header);
    EXPECT_EQ(decoded.find_first_of(std::string("\r\n\0", 3)), std::string::npos);
    EXPECT_THAT(header, Not(HasSubstr("Bcc")));
    for (const absl::string_view line : absl::StrSplit(header, "\r\n ")) {
      EXPECT_EQ(line.find_first_of("\r\n"), absl::string_view::npos);
    }
  }
}

TEST(QuotedPrintableTest, PlainTextStaysAndTheRestIsEscaped) {
  EXPECT_EQ(QuotedPrintable("Hello, you\n"), "Hello, you\r\n");
  EXPECT_EQ(QuotedPrintable("a=b\n"), "a=3Db\r\n");
  EXPECT_EQ(QuotedPrintable("f\xC3\xBCr\n"), "f=C3=BCr\r\n");
  EXPECT_EQ(QuotedPrintable("no end"), "no end\r\n");
}

TEST(QuotedPrintableTest, AllLineEndsBecomeOne) {
  EXPECT_EQ(QuotedPrintable("a\nb\r\nc\rd"), "a\r\nb\r\nc\r\nd\r\n");
}

TEST(QuotedPrintableTest, BlanksBeforeALineEndAreKept) {
  EXPECT_EQ(QuotedPrintable("-- \nx\t\n"), "--=20\r\nx=09\r\n");
}

TEST(QuotedPrintableTest, L13NoLineBeginsWithADot) {
  EXPECT_EQ(QuotedPrintable("a\n.\nb"), "a\r\n=2E\r\nb\r\n");
  EXPECT_EQ(QuotedPrintable("..a.b"), "=2E.a.b\r\n");
  const std::string broken = QuotedPrintable(std::string(75, 'a') + ".bc");
  EXPECT_THAT(broken, Not(HasSubstr("\n.")));
}

TEST(QuotedPrintableTest, LongLinesAreBrokenSoftly) {
  const std::string encoded = QuotedPrintable(std::string(500, 'x') + "\n");
  EXPECT_LE(LongestLine(encoded), kLongestMailLine);
  std::string joined;
  for (const absl::string_view line : absl::StrSplit(encoded, "=\r\n")) joined += std::string(line);
  EXPECT_EQ(joined, std::string(500, 'x') + "\r\n");
  const std::string blanks = QuotedPrintable(std::string(200, ' ') + "\n");
  EXPECT_LE(LongestLine(blanks), kLongestMailLine);
  EXPECT_THAT(blanks, Not(HasSubstr(" \r\n")));
}

TEST(HtmlEscapedTest, NothingOpensAnElementOrEndsAnAttribute) {
  EXPECT_EQ(HtmlEscaped("<b a=\"c\">'&amp;"), "&lt;b a=&quot;c&quot;&gt;&#39;&amp;amp;");
}

}  // namespace mime_test
}  // namespace usher::auth
