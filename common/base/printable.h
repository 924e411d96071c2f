// Which characters may stand in a line that a person reads, as they are.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

namespace usher {

// False for what has no picture of its own or changes that of its neighbours: control characters,
// formatting ones (zero-width, turning the direction of text), separators of lines and paragraphs,
// surrogates, private use, and what Unicode has not assigned (general categories Cc, Cf, Zl, Zp,
// Cs, Co, Cn). Takes any number.
bool IsPrintable(int32_t code_point);

// The first character of `text`, which is not empty: its code point, and how many bytes it has. -1
// and 1 where they are no UTF-8.
struct Character {
  int32_t code_point;
  size_t bytes;
};
Character FirstCharacter(absl::string_view text);

// How many bytes `text` begins with that are printable ASCII other than quotation marks and
// backslashes: nearly all of nearly any text, found several at a time.
size_t PlainBytes(absl::string_view text);

}  // namespace usher
