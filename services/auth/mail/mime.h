// Text in the forms that mails take: RFC 2045 (quoted-printable) and RFC 2047 (encoded words).
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace usher::auth {

// A line of mail has at most 76 characters here, without its line end (RFC 2045, 6.7; RFC 2047, 2).
inline constexpr size_t kLongestMailLine = 76;

// The value of an unstructured header, or the title before an address, `column` characters into its
// line: plain words where they are harmless, else encoded words, folded. `text` is UTF-8; whatever
// stands in it, no line ends but those of the folding come out.
std::string HeaderText(absl::string_view text, size_t column);

// Lines end in CRLF, whatever they end in in `text`.
std::string QuotedPrintable(absl::string_view text);

// For the text of an element or the value of an attribute.
std::string HtmlEscaped(absl::string_view text);

}  // namespace usher::auth
