#include "common/http/json_text.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/printable.h"

namespace usher::http {
namespace {

bool ReadHex(absl::string_view digits, uint32_t* number) {
  *number = 0;
  for (const char digit : digits) {
    if (!absl::ascii_isxdigit(static_cast<unsigned char>(digit))) return false;
    const int value = absl::ascii_isdigit(static_cast<unsigned char>(digit))
                          ? digit - '0'
                          : absl::ascii_tolower(static_cast<unsigned char>(digit)) - 'a' + 10;
    *number = *number * 16 + static_cast<uint32_t>(value);
  }
  return true;
}

void AppendUtf8(uint32_t character, std::string* text) {
  const auto add = [text](uint32_t byte) { text->push_back(static_cast<char>(byte)); };
  if (character < 0x80) {
    add(character);
  } else if (character < 0x800) {
    add(0xc0 | (character >> 6));
    add(0x80 | (character & 0x3f));
  } else if (character < 0x10000) {
    add(0xe0 | (character >> 12));
    add(0x80 | ((character >> 6) & 0x3f));
    add(0x80 | (character & 0x3f));
  } else {
    add(0xf0 | (character >> 18));
    add(0x80 | ((character >> 12) & 0x3f));
    add(0x80 | ((character >> 6) & 0x3f));
    add(0x80 | (character & 0x3f));
  }
}

// Takes what follows "\u" off `rest`: one character, which may need a second escape (RFC 8259, 7).
bool TakeUnicodeEscape(absl::string_view* rest, std::string* text) {
  uint32_t first = 0;
  if (rest->size() < 4 || !ReadHex(rest->substr(0, 4), &first)) return false;
  rest->remove_prefix(4);
  if (first >= 0xdc00 && first < 0xe000) return false;
  if (first < 0xd800 || first >= 0xdc00) {
    AppendUtf8(first, text);
    return true;
  }
  uint32_t second = 0;
  if (rest->size() < 6 || rest->substr(0, 2) != "\\u" || !ReadHex(rest->substr(2, 4), &second) ||
      second < 0xdc00 || second >= 0xe000) {
    return false;
  }
  rest->remove_prefix(6);
  AppendUtf8(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00), text);
  return true;
}

bool Unescape(absl::string_view escaped, std::string* text) {
  constexpr absl::string_view kNames = "\"\\/bfnrt";
  constexpr absl::string_view kMeanings = "\"\\/\b\f\n\r\t";
  text->clear();
  text->reserve(escaped.size());
  while (true) {
    const size_t plain = std::min(escaped.find('\\'), escaped.size());
    text->append(escaped.data(), plain);
    escaped.remove_prefix(plain);
    if (escaped.empty()) return true;
    if (escaped.size() < 2) return false;
    const char name = escaped[1];
    escaped.remove_prefix(2);
    if (name == 'u') {
      if (!TakeUnicodeEscape(&escaped, text)) return false;
      continue;
    }
    const size_t meaning = kNames.find(name);
    if (meaning == absl::string_view::npos) return false;
    text->push_back(kMeanings[meaning]);
  }
}

}  // namespace

size_t LengthOfNumber(absl::string_view text) {
  size_t at = 0;
  const auto peek = [&] { return at < text.size() ? text[at] : '\0'; };
  const auto digits = [&] {
    const size_t begin = at;
    while (absl::ascii_isdigit(static_cast<unsigned char>(peek()))) ++at;
    return at > begin;
  };
  if (peek() == '-') ++at;
  if (peek() == '0') {
    ++at;
  } else if (!digits()) {
    return 0;
  }
  if (peek() == '.') {
    ++at;
    if (!digits()) return 0;
  }
  if (peek() == 'e' || peek() == 'E') {
    ++at;
    if (peek() == '+' || peek() == '-') ++at;
    if (!digits()) return 0;
  }
  return at;
}

bool JsonText::Fail(absl::string_view what) {
  if (error_.empty()) {
    error_ = absl::StrCat("the body is no JSON of this call: ", what, ", at byte ",
                          json_.size() - rest_.size());
  }
  return false;
}

void JsonText::SkipSpace() {
  const size_t space = rest_.find_first_not_of(" \t\n\r");
  rest_.remove_prefix(std::min(space, rest_.size()));
}

bool JsonText::Take(char wanted) {
  SkipSpace();
  if (Peek() != wanted || rest_.empty()) return false;
  rest_.remove_prefix(1);
  return true;
}

bool JsonText::TakeWord(absl::string_view word) {
  SkipSpace();
  if (rest_.substr(0, word.size()) != word) return false;
  rest_.remove_prefix(word.size());
  return true;
}

bool JsonText::String(absl::string_view* text) {
  if (!Take('"')) return Fail("a string is missing");
  const absl::string_view begin = rest_;
  bool escaped = false;
  while (true) {
    rest_.remove_prefix(PlainBytes(rest_));
    const auto next = static_cast<unsigned char>(Peek());
    if (rest_.empty()) return Fail("a string does not end");
    if (next == '"') break;
    if (next < 0x20) return Fail("a string has a control character");
    if (next == '\\') {
      escaped = true;
      rest_.remove_prefix(std::min<size_t>(2, rest_.size()));
      continue;
    }
    const Character character = FirstCharacter(rest_);
    if (character.code_point < 0) return Fail("a string is no UTF-8");
    rest_.remove_prefix(character.bytes);
  }
  *text = begin.substr(0, begin.size() - rest_.size());
  rest_.remove_prefix(1);
  if (!escaped) return true;
  if (!Unescape(*text, &unescaped_)) return Fail("a string has a malformed escape");
  *text = unescaped_;
  return true;
}

bool JsonText::Members(int depth, Member member) {
  if (!Take('{')) return Fail("an object is missing");
  if (!Deeper(depth)) return false;
  if (Take('}')) return true;
  do {
    absl::string_view name;
    if (!String(&name)) return false;
    // Members take the name before they read the value, which may be a string too.
    if (!Take(':')) return Fail("a colon is missing");
    if (!member(name)) return false;
  } while (Take(','));
  return Take('}') || Fail("an object does not end");
}

bool JsonText::Elements(int depth, absl::FunctionRef<bool()> element) {
  if (!Take('[')) return Fail("a list is missing");
  if (!Deeper(depth)) return false;
  if (Take(']')) return true;
  do {
    if (!element()) return false;
  } while (Take(','));
  return Take(']') || Fail("a list does not end");
}

bool JsonText::SkipValue(int depth) {
  SkipSpace();
  switch (Peek()) {
    case '{':
      return Members(depth, [&](absl::string_view) { return SkipValue(depth + 1); });
    case '[':
      return Elements(depth, [&] { return SkipValue(depth + 1); });
    case '"': {
      absl::string_view text;
      return String(&text);
    }
    default:
      break;
  }
  if (TakeWord("true") || TakeWord("false") || TakeWord("null")) return true;
  const size_t length = LengthOfNumber(rest_);
  if (length == 0) return Fail("a value is missing");
  rest_.remove_prefix(length);
  return true;
}

bool JsonText::NumberText(absl::string_view* text) {
  if (Peek() == '"') return String(text);
  const size_t length = LengthOfNumber(rest_);
  if (length == 0) return false;
  *text = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return true;
}

}  // namespace usher::http
