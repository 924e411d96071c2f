#include "common/text/text_rules.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "tests/support/status_matchers.h"

namespace usher::text {
namespace text_rules_test {

using ::testing::IsEmpty;
using std::literals::string_literals::operator""s;

constexpr char kDotlessI[] = "\u0131";
constexpr char kDottedI[] = "\u0130";

std::string Times(size_t count, absl::string_view piece) {
  std::string text;
  for (size_t i = 0; i < count; ++i) absl::StrAppend(&text, piece);
  return text;
}

TEST(Name, IsTrimmedAndOtherwiseAsWritten) {
  EXPECT_THAT(Name("displayName", "  Zo\u00eb's  Room \n"), IsOkAndHolds("Zo\u00eb's  Room"));
  EXPECT_THAT(Name("displayName", "e\u0301"), IsOkAndHolds("e\u0301"));
}

TEST(Name, MayNotBeEmpty) {
  EXPECT_THAT(Name("displayName", ""), HasReplyCode(::common::REQUEST_EMPTY));
  EXPECT_THAT(Name("displayName", " \t\n"), HasReplyCode(::common::REQUEST_EMPTY));
}

TEST(Prose, IsTrimmedAndMayHaveLinesAndDirections) {
  EXPECT_THAT(Prose("text", " one\r\n\ttwo \u200f\u05d0 \n", 100),
              IsOkAndHolds("one\r\n\ttwo \u200f\u05d0"));
}

TEST(Prose, RefusesWhatNamesRefuseBesides) {
  for (const std::string& bad : {"a\0b"s, "a\x1b[0m"s, "a\x7f"s, "a\u0085z"s, "a\u2028z"s, "a\xff"s,
                                 "a\u202ez"s, "a\u2066z"s, "\u200b"s}) {
    EXPECT_THAT(Prose("text", bad, 100), HasReplyCode(::common::PROTOCOL_ERROR))
        << testing::PrintToString(bad);
  }
  EXPECT_THAT(Prose("text", " \n\t", 100), HasReplyCode(::common::REQUEST_EMPTY));
}

TEST(Prose, IsCountedInCharacters) {
  EXPECT_OK(Prose("text", Times(10, "\U0001f600"), 10));
  EXPECT_THAT(Prose("text", Times(11, "a"), 10), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(Prose("text", Times(1 << 20, " "), 10), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

TEST(Name, NamesTheFieldInItsErrors) {
  EXPECT_THAT(std::string(Name("room.displayName", "").status().message()),
              ::testing::HasSubstr("room.displayName"));
}

TEST(Name, HoldsUpTo255Characters) {
  EXPECT_OK(Name("n", Times(255, "a")));
  EXPECT_OK(Name("n", Times(255, "\u00e4")));
  EXPECT_OK(Name("n", Times(255, "\U0001f600")));
  EXPECT_THAT(Name("n", Times(256, "a")), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(Name("n", Times(256, "\u00e4")), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

// G6.
TEST(Name, RefusesNulAndControlCharacters) {
  for (const std::string& bad : {"a\0b"s, "\0"s, "a\nb"s, "a\tb"s, "a\rb"s, "a\x1b[0m"s, "a\x7f"s,
                                 "a\u0085z"s, "a\u009bz"s, "a\u2028z"s, "a\u2029z"s}) {
    EXPECT_THAT(Name("n", bad), HasReplyCode(::common::PROTOCOL_ERROR))
        << testing::PrintToString(bad);
  }
}

TEST(Name, RefusesCharactersThatTurnTheDirectionAround) {
  for (const char* bad : {"\u061c", "\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d",
                          "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"}) {
    EXPECT_THAT(Name("n", absl::StrCat("a", bad, "b")), HasReplyCode(::common::PROTOCOL_ERROR));
  }
}

TEST(Name, RefusesInvalidUtf8) {
  for (const char* bad :
       {"a\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80"}) {
    EXPECT_THAT(Name("n", bad), HasReplyCode(::common::PROTOCOL_ERROR))
        << testing::PrintToString(bad);
  }
}

TEST(OptionalName, MayBeEmpty) {
  EXPECT_THAT(OptionalName("n", ""), IsOkAndHolds(""));
  EXPECT_THAT(OptionalName("n", "   "), IsOkAndHolds(""));
  EXPECT_THAT(OptionalName("n", "a\0"s), HasReplyCode(::common::PROTOCOL_ERROR));
}

TEST(OptionalEmail, TakesAddresses) {
  for (const char* good : {"a@b", "jane.doe+x@example.org", "j\u00f6rg@b\u00fccher.example"}) {
    EXPECT_THAT(OptionalEmail("email", good), IsOkAndHolds(good));
  }
  EXPECT_THAT(OptionalEmail("email", " a@b "), IsOkAndHolds("a@b"));
  EXPECT_THAT(OptionalEmail("email", ""), IsOkAndHolds(""));
}

TEST(OptionalEmail, RefusesWhatIsNone) {
  for (const char* bad : {"a", "@", "@b", "a@", "a@b@c", "a b@c", "a@b,c@d", "a@b;c", "<a@b>",
                          "a@b\nBcc: c@d", "\"a\"@b", "a@b\u202e"}) {
    EXPECT_THAT(OptionalEmail("email", bad), HasReplyCode(::common::PROTOCOL_ERROR)) << bad;
  }
}

TEST(OptionalEmail, HoldsUpTo254Bytes) {
  EXPECT_OK(OptionalEmail("email", absl::StrCat(Times(252, "a"), "@b")));
  EXPECT_THAT(OptionalEmail("email", absl::StrCat(Times(253, "a"), "@b")),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(OptionalEmail("email", absl::StrCat(Times(300, "a"), "@b")),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

TEST(CheckSecret, CountsBytes) {
  EXPECT_THAT(CheckSecret("password", ""), HasReplyCode(::common::REQUEST_EMPTY));
  EXPECT_OK(CheckSecret("password", Times(1024, "a")));
  EXPECT_THAT(CheckSecret("password", Times(1025, "a")), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(CheckSecret("password", "a\0b"s), HasReplyCode(::common::PROTOCOL_ERROR));
  EXPECT_OK(CheckSecret("password", " \t\x01 "));
}

WireMetadata Wire(const Metadata& entries) { return WireMetadata(entries.begin(), entries.end()); }

TEST(MetadataFromWire, TakesWhatIsWithinTheLimits) {
  EXPECT_THAT(MetadataFromWire("metadata", Wire({})), IsOkAndHolds(IsEmpty()));
  const Metadata entries = {{"color", "red"}, {"gone", ""}, {Times(128, "k"), Times(4096, "v")}};
  EXPECT_THAT(MetadataFromWire("metadata", Wire(entries)), IsOkAndHolds(entries));
}

TEST(MetadataFromWire, RefusesWhatIsBeyondThem) {
  const auto code = [](const Metadata& entries) {
    return MetadataFromWire("metadata", Wire(entries));
  };
  EXPECT_THAT(code({{"", "v"}}), HasReplyCode(::common::PROTOCOL_ERROR));
  EXPECT_THAT(code({{Times(129, "k"), "v"}}), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(code({{"k", Times(4097, "v")}}), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(code({{"k", "a\0b"s}}), HasReplyCode(::common::PROTOCOL_ERROR));
  EXPECT_THAT(code({{"k\0"s, "v"}}), HasReplyCode(::common::PROTOCOL_ERROR));
}

TEST(MetadataFromWire, CountsEntriesAndAllBytes) {
  Metadata hundred;
  for (int i = 0; i < 100; ++i) hundred[absl::StrCat("key", i)] = "v";
  EXPECT_OK(MetadataFromWire("metadata", Wire(hundred)));
  hundred["one more"] = "v";
  EXPECT_THAT(MetadataFromWire("metadata", Wire(hundred)),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));

  Metadata large;
  for (int i = 0; i < 16; ++i) large[absl::StrCat(100 + i)] = Times(4093, "v");
  EXPECT_OK(MetadataFromWire("metadata", Wire(large)));  // 16 * 4096 = 64 KiB
  large["x"] = "";
  EXPECT_THAT(MetadataFromWire("metadata", Wire(large)), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

TEST(CheckMetadata, HoldsTheResultOfAMergeToTheLimits) {
  Metadata current;
  for (int i = 0; i < 100; ++i) current[absl::StrCat("key", i)] = "v";
  EXPECT_OK(CheckMetadata("metadata", current));
  EXPECT_THAT(CheckMetadata("metadata", MergeMetadata(current, {{"new", "v"}})),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_OK(CheckMetadata("metadata", MergeMetadata(current, {{"new", "v"}, {"key1", ""}})));
}

TEST(MergeMetadata, OverwritesAddsAndDeletes) {
  EXPECT_EQ(MergeMetadata({{"a", "1"}, {"b", "2"}, {"c", "3"}},
                          {{"a", "9"}, {"b", ""}, {"d", "4"}, {"absent", ""}}),
            (Metadata{{"a", "9"}, {"c", "3"}, {"d", "4"}}));
}

TEST(Fold, ComparesWithoutCaseAndComposition) {
  EXPECT_EQ(Fold("JANE"), Fold("jane"));
  EXPECT_EQ(Fold("\u00c4rger"), Fold("a\u0308rger"));
  EXPECT_EQ(Fold("STRASSE"), Fold("stra\u00dfe"));
  EXPECT_EQ(Fold("\u03a3\u0391\u03a3"), Fold("\u03c3\u03b1\u03c2"));  // final sigma
  EXPECT_NE(Fold("jane"), Fold("jan\u00e9"));
}

// G6, L12.
TEST(Fold, NeverTakesTheTurkishLettersForAnI) {
  for (const char* i : {"i", "I"}) {
    EXPECT_NE(Fold(kDottedI), Fold(i));
    EXPECT_NE(Fold(kDotlessI), Fold(i));
  }
  EXPECT_NE(Fold(kDottedI), Fold(kDotlessI));
  EXPECT_NE(Fold(absl::StrCat("adm", kDotlessI, "n")), Fold("ADMIN"));
  EXPECT_NE(Fold(absl::StrCat("ADM", kDottedI, "N")), Fold("admin"));
}

TEST(Fold, FoldedTwiceIsFoldedOnce) {
  for (const char* name : {"JANE", "Stra\u00dfe", "\u0130stanbul", "\u01f0", "\u1e9e", "\u0390",
                           "\u03b1\u0345", "\ufb01", "\u00c5ngstr\u00f6m"}) {
    EXPECT_EQ(Fold(Fold(name)), Fold(name)) << name;
  }
}

TEST(Slug, IsMadeOfTheDisplayName) {
  EXPECT_EQ(Slug("ACME"), "acme");
  EXPECT_EQ(Slug("  Acme  Inc. "), "acme-inc");
  EXPECT_EQ(Slug("Caf\u00e9 K\u00f6ln GmbH & Co. KG"), "cafe-koln-gmbh-co-kg");
  EXPECT_EQ(Slug("Cafe\u0301"), "cafe");
  EXPECT_EQ(Slug("\ufb01rma \u2460"), "firma-1");  // compatibility forms
  EXPECT_EQ(Slug("\uff21\uff22\uff23"), "abc");    // full width
  EXPECT_EQ(Slug("a--b__c"), "a-b-c");
  EXPECT_EQ(Slug("--a--"), "a");
}

// docs/contract.md, "CompanyService".
TEST(Slug, IsFoldedThenDecomposedThenWhatIsNoLetterOrDigitIsOneHyphen) {
  struct Row {
    std::string name, slug;
  };
  for (const Row& row : std::vector<Row>{
           {"Stra\u00dfe 7", "strasse-7"},
           {"GRO\u1e9e & Co", "gross-co"},
           {"\u017fecond", "second"},  // long s
           {"\u212aelvin", "kelvin"},  // the sign
           {kDottedI + std::string("stanbul"), "istanbul"},
           {kDotlessI + std::string("rmak"), "rmak"},
           {"\u00c5ngstr\u00f6m", "angstrom"},
           {"A\u030angstro\u0308m", "angstrom"},  // decomposed already
           {"\ufb03x", "ffix"},
           {"\u3392 radio", "mhz-radio"},  // capital letters in a compatibility form
           {"\u24b6cme \u2167", "acme-viii"},
           {"\u00e6ther \u00f8re", "ther-re"},  // letters of their own, not a's and o's
           {"x\u00b2", "x2"},
           {"\u0391\u03b2\u03b3 corp", "corp"},
           {"a\u00a0b\u2013c", "a-b-c"},
           {"O'Neill's", "o-neill-s"},
           {"...", ""},
       }) {
    EXPECT_EQ(Slug(row.name), row.slug) << row.name;
  }
}

TEST(Slug, MayBeTooShortToBeAnId) {
  EXPECT_EQ(Slug(""), "");
  EXPECT_EQ(Slug("\u682a\u5f0f\u4f1a\u793e"), "");
  EXPECT_EQ(Slug("!?"), "");
  EXPECT_FALSE(IsCompanySlug(Slug("ab")));
}

TEST(Slug, IsCutAt63Characters) {
  EXPECT_EQ(Slug(Times(100, "a")), Times(63, "a"));
  EXPECT_EQ(Slug(absl::StrCat(Times(62, "a"), " b")), Times(62, "a"));
  EXPECT_TRUE(IsCompanySlug(Slug(absl::StrCat(Times(62, "a"), " b"))));
}

// 4 MiB were folded, or counted, before anybody saw that they are no name. A control character
// at the end tells whether the characters were looked at.
TEST(SizeBeforeContent, ATextOfMegabytesIsRefusedBeforeItsCharactersAreLookedAt) {
  const std::string large = absl::StrCat(std::string(4 << 20, 'A'), "\x01");
  EXPECT_THAT(Name("field", large), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(OptionalName("field", large), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(OptionalEmail("field", large), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(CheckSecret("field", std::string(4 << 20, '\0')),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

TEST(SizeBeforeContent, MegabytesOfBlanksAreNotTrimmed) {
  EXPECT_THAT(Name("field", std::string(4 << 20, ' ')), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(OptionalName("field", std::string(4 << 20, ' ')),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

TEST(SizeBeforeContent, TheLongestNameFitsInTheLargestCharactersWithBlanksAround) {
  const std::string longest = Times(255, "\U0001F600");
  const std::string blanks(500, ' ');
  EXPECT_THAT(Name("field", absl::StrCat(blanks, longest, blanks)), IsOkAndHolds(longest));
  EXPECT_THAT(Name("field", Times(256, "\U0001F600")), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

TEST(SizeBeforeContent, WhatIsLongerThanAnyNameIsNotFolded) {
  EXPECT_EQ(Fold(Times(2040, "A")), Times(2040, "a"));
  EXPECT_EQ(Fold(Times(2041, "A")), Times(2041, "A"));
  EXPECT_EQ(Slug(Times(2041, "A")), "");
}

TEST(SizeBeforeContent, MetadataAreCountedBeforeTheyAreRead) {
  WireMetadata wire;
  for (int i = 0; i <= 100; ++i) wire[absl::StrCat("key", i)] = std::string(1, '\0');
  EXPECT_THAT(MetadataFromWire("metadata", wire), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
}

}  // namespace text_rules_test
}  // namespace usher::text
