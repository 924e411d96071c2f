#include "common/base/printable.h"

#include <utf8proc.h>

#include <algorithm>
#include <iterator>

namespace usher {
namespace {

// Without a branch, so that the compiler asks it of several bytes at once.
constexpr unsigned char IsOdd(unsigned char byte) {
  const bool beyond_ascii = static_cast<unsigned char>(byte - 0x20) > 0x7e - 0x20;
  return static_cast<unsigned char>(beyond_ascii | (byte == '"') | (byte == '\\'));
}

struct Range {
  int32_t first;
  int32_t last;
};

// Default_Ignorable_Code_Point, which utf8proc does not tell: Unicode 15.0,
// https://www.unicode.org/Public/15.0.0/ucd/DerivedCoreProperties.txt. In order.
constexpr Range kDefaultIgnorable[] = {
    {0x00ad, 0x00ad},   {0x034f, 0x034f},  {0x061c, 0x061c}, {0x115f, 0x1160}, {0x17b4, 0x17b5},
    {0x180b, 0x180f},   {0x200b, 0x200f},  {0x202a, 0x202e}, {0x2060, 0x206f}, {0x3164, 0x3164},
    {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},  {0xffa0, 0xffa0}, {0xfff0, 0xfff8}, {0x1bca0, 0x1bca3},
    {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}};

constexpr int32_t kEmptyBraillePattern = 0x2800;

bool IsDefaultIgnorable(int32_t code_point) {
  const Range* const range =
      std::lower_bound(std::begin(kDefaultIgnorable), std::end(kDefaultIgnorable), code_point,
                       [](const Range& one, int32_t sought) { return one.last < sought; });
  return range != std::end(kDefaultIgnorable) && range->first <= code_point;
}

}  // namespace

// White_Space are the separators and these controls: Unicode 15.0,
// https://www.unicode.org/Public/15.0.0/ucd/PropList.txt.
bool IsWhiteSpace(int32_t code_point) {
  if ((code_point >= 0x09 && code_point <= 0x0d) || code_point == 0x85) return true;
  if (!utf8proc_codepoint_valid(code_point)) return false;
  switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return true;
    default:
      return false;
  }
}

bool IsInvisible(int32_t code_point) {
  if (!utf8proc_codepoint_valid(code_point)) return true;
  switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return true;
    default:
      return code_point == kEmptyBraillePattern || IsDefaultIgnorable(code_point);
  }
}

bool IsPrintable(int32_t code_point) {
  if (IsInvisible(code_point)) {
    return utf8proc_codepoint_valid(code_point) &&
           utf8proc_category(code_point) == UTF8PROC_CATEGORY_ZS;
  }
  const utf8proc_category_t category = utf8proc_category(code_point);
  return category != UTF8PROC_CATEGORY_CO && category != UTF8PROC_CATEGORY_CN;
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

std::string PrintableOf(absl::string_view text, size_t longest) {
  std::string printable;
  while (!text.empty()) {
    const Character character = FirstCharacter(text);
    const bool shown = IsPrintable(character.code_point);
    const absl::string_view written = shown ? text.substr(0, character.bytes) : "?";
    if (printable.size() + written.size() > longest) break;
    printable.append(written.data(), written.size());
    text.remove_prefix(character.bytes);
  }
  return printable;
}

}  // namespace usher
