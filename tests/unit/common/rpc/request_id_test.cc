#include "common/rpc/gate/request_id.h"

#include <gtest/gtest.h>

#include <string>

namespace usher::rpc {
namespace request_id_test {

TEST(RequestIdTest, TextOfAllLanguagesIsPrintable) {
  for (const char* id : {"", "3f0c-1", "a b", "Zo\xc3\xab", "\xe6\x97\xa5\xe6\x9c\xac",
                         "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", "\xf0\x9f\x99\x82"}) {
    EXPECT_TRUE(IsPrintableRequestId(id)) << id;
  }
}

TEST(RequestIdTest, NothingThatChangesALineOfALogIsPrintable) {
  for (const char* id : {"\x01",
                         "a\nb",
                         "\x7f",
                         "\xc2\x9b"
                         "31m",             // C1: a terminal's escape
                         "\xc2\x85",        // next line
                         "a\xe2\x80\xa8z",  // line separator
                         "a\xe2\x80\xa9z",  // paragraph separator
                         "\xe2\x80\xae"
                         "abc",               // turns the direction
                         "\xe2\x81\xa6",      // so does an isolate
                         "a\xe2\x80\x8bz",    // zero width
                         "\xef\xbb\xbf",      // byte order mark
                         "\xee\x80\x80",      // private use
                         "\xef\xbf\xbf",      // no character
                         "\xf3\xa0\x80\x81",  // tag
                         "a\u3164z",          // a filler
                         "a\ufe0fz",          // chooses a variant
                         "\xed\xa0\x80",      // surrogate
                         "\xff",
                         "\xc3",
                         "a\xe2\x80"}) {
    EXPECT_FALSE(IsPrintableRequestId(id)) << testing::PrintToString(id);
  }
  EXPECT_FALSE(IsPrintableRequestId(std::string(1, '\0')));
}

}  // namespace request_id_test
}  // namespace usher::rpc
