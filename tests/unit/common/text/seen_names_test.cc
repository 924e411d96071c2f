// What of a name can be seen, and what stands around it.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "common/text/text_rules.h"
#include "tests/support/status_matchers.h"

namespace usher::text {
namespace seen_names_test {

using std::literals::string_literals::operator""s;

std::string Times(size_t count, absl::string_view piece) {
  std::string text;
  for (size_t i = 0; i < count; ++i) absl::StrAppend(&text, piece);
  return text;
}

constexpr const char* kWhiteSpace[] = {"\t",     "\n",     "\v",     "\f",     "\r",     " ",
                                       "\u0085", "\u00a0", "\u1680", "\u2000", "\u2007", "\u2009",
                                       "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};

// Not white space; ZWJ and selectors of variants have their uses among others.
constexpr const char* kUnseen[] = {"\u00ad", "\u034f", "\u115f", "\u17b4", "\u180e",    "\u200b",
                                   "\u200c", "\u200d", "\u2060", "\u2064", "\u2800",    "\u3164",
                                   "\ufe0f", "\ufeff", "\uffa0", "\ufff9", "\U000e0041"};

TEST(Name, IsTrimmedOfAllThatUnicodeCallsWhiteSpace) {
  for (const char* blank : kWhiteSpace) {
    EXPECT_THAT(Name("n", absl::StrCat(blank, blank, "a b", blank)), IsOkAndHolds("a b"))
        << testing::PrintToString(blank);
    EXPECT_THAT(Identifier("n", absl::StrCat(blank, "a b", blank, blank)), IsOkAndHolds("a b"));
    EXPECT_THAT(OptionalEmail("n", absl::StrCat(blank, "a@b", blank)), IsOkAndHolds("a@b"));
    EXPECT_THAT(Name("n", absl::StrCat(blank, blank)), HasReplyCode(::common::REQUEST_EMPTY));
    EXPECT_THAT(OptionalName("n", absl::StrCat(blank, blank)), IsOkAndHolds(""));
  }
  // What is no UTF-8 is none at the ends either.
  EXPECT_THAT(Name("n", "a \x80"), HasReplyCode(::common::PROTOCOL_ERROR));
  EXPECT_THAT(Name("n", "\xe3\x80"), HasReplyCode(::common::PROTOCOL_ERROR));
}

TEST(Name, HasSomethingThatCanBeSeen) {
  for (const char* unseen : kUnseen) {
    for (const std::string& text :
         {std::string(unseen), absl::StrCat(unseen, " ", unseen), Times(100, unseen)}) {
      EXPECT_THAT(Name("n", text), HasReplyCode(::common::PROTOCOL_ERROR))
          << testing::PrintToString(text);
      EXPECT_THAT(OptionalName("n", text), HasReplyCode(::common::PROTOCOL_ERROR));
    }
  }
}

TEST(Name, KeepsTheUnseenBetweenWhatCanBeSeen) {
  for (const char* name : {"\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  // ZWNJ of Persian
                           "\U0001f469\u200d\U0001f4bb \u2764\ufe0f",           // joined pictures
                           "10\u00a0km", "co\u00adoperate"}) {
    EXPECT_THAT(Name("n", name), IsOkAndHolds(name));
    EXPECT_THAT(OptionalName("n", name), IsOkAndHolds(name));
  }
}

// F06, S21: "admin" with a zero-width space was a second user that looked the same.
TEST(Identifier, HasNothingThatCannotBeSeen) {
  for (const char* unseen : kUnseen) {
    for (const std::string& text : {absl::StrCat("admin", unseen), absl::StrCat(unseen, "admin"),
                                    absl::StrCat("ad", unseen, "min")}) {
      EXPECT_THAT(Identifier("n", text), HasReplyCode(::common::PROTOCOL_ERROR))
          << testing::PrintToString(text);
      EXPECT_THAT(OptionalEmail("n", absl::StrCat(text, "@example.org")),
                  HasReplyCode(::common::PROTOCOL_ERROR));
    }
  }
  for (const char* blank : kWhiteSpace) {
    const std::string name = absl::StrCat("ad", blank, "min");
    if (blank == std::string(" ")) {
      EXPECT_THAT(Identifier("n", name), IsOkAndHolds(name));
    } else {
      EXPECT_THAT(Identifier("n", name), HasReplyCode(::common::PROTOCOL_ERROR))
          << testing::PrintToString(blank);
    }
  }
}

TEST(Identifier, IsANameInEverythingElse) {
  EXPECT_THAT(Identifier("n", " Zo\u00eb M\u00fcller "), IsOkAndHolds("Zo\u00eb M\u00fcller"));
  EXPECT_THAT(Identifier("n", "e\u0301"), IsOkAndHolds("e\u0301"));
  EXPECT_THAT(Identifier("n", " "), HasReplyCode(::common::REQUEST_EMPTY));
  EXPECT_OK(Identifier("n", Times(255, "\u00e4")));
  EXPECT_THAT(Identifier("n", Times(256, "\u00e4")), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  for (const std::string& bad : {"a\0b"s, "a\nb"s, "a\u202eb"s, "a\xff"s}) {
    EXPECT_THAT(Identifier("n", bad), HasReplyCode(::common::PROTOCOL_ERROR));
  }
}

}  // namespace seen_names_test
}  // namespace usher::text
