#include "common/base/printable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace usher {
namespace printable_test {

constexpr int32_t kLast = 0x10ffff;

// The 25 of Unicode's PropList.txt.
TEST(Printable, WhiteSpaceIsWhatUnicodeCallsSo) {
  std::vector<int32_t> found;
  for (int32_t c = -1; c <= kLast + 1; ++c) {
    if (IsWhiteSpace(c)) found.push_back(c);
  }
  EXPECT_THAT(found,
              ::testing::ElementsAre(0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x85, 0xa0, 0x1680, 0x2000,
                                     0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008,
                                     0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000));
}

TEST(Printable, WhiteSpaceIsInvisible) {
  for (int32_t c = 0; c <= kLast; ++c) {
    EXPECT_TRUE(IsInvisible(c) || !IsWhiteSpace(c)) << std::hex << c;
  }
}

TEST(Printable, WhatLeavesNoMarkIsInvisible) {
  for (const int32_t c :
       {-1,     0x00,   0x1b,    0x7f,    0x9b,    0xad,    0x34f,   0x61c,   0x115f,   0x1160,
        0x17b4, 0x17b5, 0x180b,  0x180e,  0x180f,  0x200b,  0x200c,  0x200d,  0x200e,   0x202e,
        0x2060, 0x2065, 0x206f,  0x2800,  0x3164,  0xd800,  0xfe00,  0xfe0f,  0xfeff,   0xffa0,
        0xfff0, 0xfff9, 0x1bca0, 0x1d173, 0xe0001, 0xe0041, 0xe0100, 0xe0fff, kLast + 1}) {
    EXPECT_TRUE(IsInvisible(c)) << std::hex << c;
  }
}

TEST(Printable, WhatCanBeSeenIsNotInvisible) {
  for (const int32_t c :
       {0x21, 0x41, 0xac, 0xae, 0xe9, 0x301, 0x350, 0x115e, 0x1161, 0x2801, 0x3042, 0x3163, 0xac00,
        0xfdff, 0xfe10, 0xff9f, 0xffa1, 0x1f600, 0xe1000}) {
    EXPECT_FALSE(IsInvisible(c)) << std::hex << c;
  }
}

TEST(Printable, OfWhatIsInvisibleSpacesAloneArePrintable) {
  for (int32_t c = 0; c <= kLast; ++c) {
    if (!IsInvisible(c)) continue;
    const bool breaks_line = (c >= 0x09 && c <= 0x0d) || c == 0x85 || c == 0x2028 || c == 0x2029;
    EXPECT_EQ(IsPrintable(c), IsWhiteSpace(c) && !breaks_line) << std::hex << c;
  }
}

TEST(Printable, WhatMayLookLikeAnythingIsNotPrintable) {
  for (const int32_t c : {-1, 0xe000, 0xffff, 0x378, 0x10fffd, kLast + 1}) {
    EXPECT_FALSE(IsPrintable(c)) << std::hex << c;
  }
}

TEST(PlainBytesTest, EveryOtherByteEndsThemWhereverItStands) {
  for (int byte = 0; byte < 256; ++byte) {
    const bool plain = byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
    for (size_t at = 0; at < 40; ++at) {
      std::string text(40, 'x');
      text[at] = static_cast<char>(byte);
      EXPECT_EQ(PlainBytes(text), plain ? text.size() : at) << byte;
    }
  }
}

TEST(PlainBytesTest, TheyMayBeAllOfATextOfAnyLength) {
  for (size_t size = 0; size < 70; ++size) EXPECT_EQ(PlainBytes(std::string(size, '~')), size);
}

TEST(PrintableOfTest, WhatIsPrintableStaysAsItIs) {
  EXPECT_EQ(PrintableOf("grpc-c++/1.51.1 \"caf\u00e9\" (linux)", 100),
            "grpc-c++/1.51.1 \"caf\u00e9\" (linux)");
  EXPECT_EQ(PrintableOf("", 100), "");
}

TEST(PrintableOfTest, AQuestionMarkStandsForEachCharacterThatIsNot) {
  EXPECT_EQ(PrintableOf(std::string("a\0b\nc\x7f\xff\xc3", 8), 100), "a?b?c???");
  EXPECT_EQ(PrintableOf("a\u202eb\u200bc\ue000", 100), "a?b?c?");
}

TEST(PrintableOfTest, NoMoreIsTakenThanFitsAndNoCharacterIsCut) {
  EXPECT_EQ(PrintableOf("abcdef", 4), "abcd");
  EXPECT_EQ(PrintableOf("abc\u00e9", 4), "abc");
  EXPECT_EQ(PrintableOf("abc\u00e9", 5), "abc\u00e9");
  EXPECT_EQ(PrintableOf("abc", 0), "");
}

}  // namespace printable_test
}  // namespace usher
