#include "common/base/printable.h"

#include <utf8proc.h>

namespace usher {
namespace {

// Without a branch, so that the compiler asks it of several bytes at once.
constexpr unsigned char IsOdd(unsigned char byte) {
  const bool beyond_ascii = static_cast<unsigned char>(byte - 0x20) > 0x7e - 0x20;
  return static_cast<unsigned char>(beyond_ascii | (byte == '"') | (byte == '\\'));
}

}  // namespace

bool IsPrintable(int32_t code_point) {
  if (!utf8proc_codepoint_valid(code_point)) return false;
  switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
      return false;
    default:
      return true;
  }
}

Character FirstCharacter(absl::string_view text) {
  utf8proc_int32_t code_point = -1;
  const utf8proc_ssize_t bytes =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                       static_cast<utf8proc_ssize_t>(text.size()), &code_point);
  if (bytes <= 0) return {-1, 1};
  return {code_point, static_cast<size_t>(bytes)};
}

size_t PlainBytes(absl::string_view text) {
  constexpr size_t kAtOnce = 16;
  const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
  size_t plain = 0;
  for (; plain + kAtOnce <= text.size(); plain += kAtOnce) {
    unsigned char odd = 0;
    for (size_t i = 0; i < kAtOnce; ++i) odd |= IsOdd(bytes[plain + i]);
    if (odd != 0) break;
  }
  while (plain < text.size() && IsOdd(bytes[plain]) == 0) ++plain;
  return plain;
}

}  // namespace usher
