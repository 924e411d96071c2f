#include "common/base/printable.h"

#include <gtest/gtest.h>

#include <string>

namespace usher {
namespace {

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

}  // namespace
}  // namespace usher
