// Which characters a person can see: the one place for it. What stands in a line of a log or the
// audit is printable, and what names have to say about it is in text/text_rules.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace usher {

// All take any number.

// Unicode's White_Space: what texts are trimmed by.
bool IsWhiteSpace(int32_t code_point);

// True for what leaves no mark, or changes that of its neighbours: control and formatting
// characters (zero-width, turning the direction of text), separators and spaces of all widths, what
// is default-ignorable (fillers, selectors of variants), the empty Braille pattern, surrogates.
bool IsInvisible(int32_t code_point);

// False for what must not stand in a line that a person reads, as it is: all that is invisible but
// a space, and what may look like anything: private use, and what Unicode has not assigned.
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

// What somebody else wrote, fit for such a line: a question mark in the place of each character
// that is not printable, and no more than `longest` bytes, of which the last character is a whole
// one.
std::string PrintableOf(absl::string_view text, size_t longest);

}  // namespace usher
