#include "common/http/json_reader.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "absl/container/inlined_vector.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/printable.h"

namespace usher::http {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::EnumValueDescriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

// Up to this, every integer is a double (RFC 8259, 6).
constexpr double kLargestSafe = 9007199254740992;

const FieldDescriptor* FindField(const Descriptor& message, absl::string_view name) {
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor* const field = message.field(i);
    if (field->name() == name || field->json_name() == name) return field;
  }
  return nullptr;
}

bool IsDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
}

// The length of the number that `text` begins with (RFC 8259, 6); 0: it begins with none.
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

// "12", "-3"; "1.0" and "2e3" as well, while they are whole and exact.
template <class Number>
bool ParseInteger(absl::string_view text, Number* number) {
  const absl::string_view unsigned_text = !text.empty() && text[0] == '-' ? text.substr(1) : text;
  if (IsDigits(unsigned_text)) return absl::SimpleAtoi(text, number);
  double value = 0;
  if (text.empty() || LengthOfNumber(text) != text.size() || !absl::SimpleAtod(text, &value)) {
    return false;
  }
  if (value != std::trunc(value) || std::abs(value) > kLargestSafe ||
      value < static_cast<double>(std::numeric_limits<Number>::min()) ||
      value > static_cast<double>(std::numeric_limits<Number>::max())) {
    return false;
  }
  *number = static_cast<Number>(value);
  return true;
}

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

bool ReadBase64(absl::string_view text, std::string* bytes) {
  if (text.find_first_of("-_") == absl::string_view::npos) return absl::Base64Unescape(text, bytes);
  return absl::Base64Unescape(absl::StrReplaceAll(text, {{"-", "+"}, {"_", "/"}}), bytes);
}

class Reader {
 public:
  explicit Reader(absl::string_view json) : json_(json), rest_(json) {}

  absl::Status Read(Message* message) { return Finish(Object(message, 0)); }
  absl::Status ReadOnly(const FieldDescriptor& wanted, Message* value);

 private:
  // Reads the value of a member; false when it cannot.
  using Member = absl::FunctionRef<bool(absl::string_view name)>;

  absl::Status Finish(bool read);
  bool Fail(absl::string_view what);
  bool FailAt(const FieldDescriptor& field, absl::string_view what);

  void SkipSpace();
  char Peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool Take(char wanted);
  bool TakeWord(absl::string_view word);
  bool Deeper(int depth) { return depth < kDeepestJson || Fail("it is nested too deep"); }

  // A string: a view into the JSON or into `unescaped_`, good until the next one is read.
  bool String(absl::string_view* text);
  bool Members(int depth, Member member);
  bool Elements(int depth, absl::FunctionRef<bool()> element);
  bool SkipValue(int depth);

  bool Object(Message* message, int depth);
  bool Field(const FieldDescriptor& field, Message* message, int depth);
  bool Map(const FieldDescriptor& field, Message* message, int depth);
  bool MapKey(const FieldDescriptor& map, absl::string_view key, Message* entry);
  // One value: the field's, or one more where it is a list.
  bool Value(const FieldDescriptor& field, Message* message, int depth);
  bool Text(const FieldDescriptor& field, Message* message);
  bool Bool(const FieldDescriptor& field, Message* message);
  bool Enum(const FieldDescriptor& field, Message* message);
  template <class Number>
  using Store = void (Reflection::*)(Message*, const FieldDescriptor*, Number) const;
  template <class Number>
  bool Integer(const FieldDescriptor& field, Message* message, Store<Number> set,
               Store<Number> add);
  // A number, or a string that may have one.
  bool NumberText(absl::string_view* text);

  const absl::string_view json_;
  absl::string_view rest_;
  std::string unescaped_;
  std::string error_;
};

absl::Status Reader::ReadOnly(const FieldDescriptor& wanted, Message* value) {
  bool seen = false;
  return Finish(Members(0, [&](absl::string_view name) {
    if (FindField(*wanted.containing_type(), name) != &wanted) return SkipValue(1);
    if (seen) return FailAt(wanted, "stands twice");
    seen = true;
    return TakeWord("null") || Object(value, 1);
  }));
}

absl::Status Reader::Finish(bool read) {
  if (read) {
    SkipSpace();
    if (rest_.empty()) return absl::OkStatus();
    Fail("something follows the object");
  }
  return absl::InvalidArgumentError(error_);
}

bool Reader::Fail(absl::string_view what) {
  if (error_.empty()) {
    error_ = absl::StrCat("the body is no JSON of this call: ", what, ", at byte ",
                          json_.size() - rest_.size());
  }
  return false;
}

bool Reader::FailAt(const FieldDescriptor& field, absl::string_view what) {
  return Fail(absl::StrCat(field.name(), " ", what));
}

void Reader::SkipSpace() {
  const size_t space = rest_.find_first_not_of(" \t\n\r");
  rest_.remove_prefix(std::min(space, rest_.size()));
}

bool Reader::Take(char wanted) {
  SkipSpace();
  if (Peek() != wanted || rest_.empty()) return false;
  rest_.remove_prefix(1);
  return true;
}

bool Reader::TakeWord(absl::string_view word) {
  SkipSpace();
  if (rest_.substr(0, word.size()) != word) return false;
  rest_.remove_prefix(word.size());
  return true;
}

bool Reader::String(absl::string_view* text) {
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

bool Reader::Members(int depth, Member member) {
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

bool Reader::Elements(int depth, absl::FunctionRef<bool()> element) {
  if (!Take('[')) return Fail("a list is missing");
  if (!Deeper(depth)) return false;
  if (Take(']')) return true;
  do {
    if (!element()) return false;
  } while (Take(','));
  return Take(']') || Fail("a list does not end");
}

bool Reader::SkipValue(int depth) {
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

bool Reader::Object(Message* message, int depth) {
  const Descriptor& descriptor = *message->GetDescriptor();
  absl::InlinedVector<bool, 32> seen(static_cast<size_t>(descriptor.field_count()));
  return Members(depth, [&](absl::string_view name) {
    const FieldDescriptor* const field = FindField(descriptor, name);
    if (field == nullptr) return SkipValue(depth + 1);
    bool& seen_before = seen[static_cast<size_t>(field->index())];
    if (seen_before) return FailAt(*field, "stands twice");
    seen_before = true;
    return Field(*field, message, depth + 1);
  });
}

bool Reader::Field(const FieldDescriptor& field, Message* message, int depth) {
  if (TakeWord("null")) return true;
  if (field.is_map()) return Map(field, message, depth);
  if (!field.is_repeated()) return Value(field, message, depth);
  SkipSpace();
  if (Peek() != '[') return FailAt(field, "is a list");
  return Elements(depth, [&] { return Value(field, message, depth + 1); });
}

bool Reader::Map(const FieldDescriptor& field, Message* message, int depth) {
  SkipSpace();
  if (Peek() == '[') {  // PHP's empty array
    rest_.remove_prefix(1);
    return Take(']') || FailAt(field, "is a map");
  }
  if (Peek() != '{') return FailAt(field, "is a map");
  const Reflection& reflection = *message->GetReflection();
  return Members(depth, [&](absl::string_view key) {
    Message* const entry = reflection.AddMessage(message, &field);
    return MapKey(field, key, entry) && Value(*field.message_type()->map_value(), entry, depth + 1);
  });
}

bool Reader::MapKey(const FieldDescriptor& map, absl::string_view key, Message* entry) {
  const FieldDescriptor& field = *map.message_type()->map_key();
  const Reflection& reflection = *entry->GetReflection();
  const auto integer = [&](auto number, auto set) {
    if (!ParseInteger(key, &number)) return FailAt(map, "has whole numbers as keys");
    (reflection.*set)(entry, &field, number);
    return true;
  };
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      reflection.SetString(entry, &field, std::string(key));
      return true;
    case FieldDescriptor::CPPTYPE_BOOL:
      if (key != "true" && key != "false") return FailAt(map, "has true and false as keys");
      reflection.SetBool(entry, &field, key == "true");
      return true;
    case FieldDescriptor::CPPTYPE_INT32:
      return integer(int32_t{}, &Reflection::SetInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return integer(int64_t{}, &Reflection::SetInt64);
    case FieldDescriptor::CPPTYPE_UINT32:
      return integer(uint32_t{}, &Reflection::SetUInt32);
    case FieldDescriptor::CPPTYPE_UINT64:
      return integer(uint64_t{}, &Reflection::SetUInt64);
    default:
      return FailAt(map, "cannot be read");
  }
}

bool Reader::Value(const FieldDescriptor& field, Message* message, int depth) {
  SkipSpace();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      if (Peek() != '{') return FailAt(field, "is an object");
      const Reflection& reflection = *message->GetReflection();
      return Object(field.is_repeated() ? reflection.AddMessage(message, &field)
                                        : reflection.MutableMessage(message, &field),
                    depth);
    }
    case FieldDescriptor::CPPTYPE_STRING:
      return Text(field, message);
    case FieldDescriptor::CPPTYPE_BOOL:
      return Bool(field, message);
    case FieldDescriptor::CPPTYPE_ENUM:
      return Enum(field, message);
    case FieldDescriptor::CPPTYPE_INT32:
      return Integer(field, message, &Reflection::SetInt32, &Reflection::AddInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return Integer(field, message, &Reflection::SetInt64, &Reflection::AddInt64);
    case FieldDescriptor::CPPTYPE_UINT32:
      return Integer(field, message, &Reflection::SetUInt32, &Reflection::AddUInt32);
    case FieldDescriptor::CPPTYPE_UINT64:
      return Integer(field, message, &Reflection::SetUInt64, &Reflection::AddUInt64);
    default:
      return FailAt(field, "cannot be read");
  }
}

bool Reader::Text(const FieldDescriptor& field, Message* message) {
  if (Peek() != '"') return FailAt(field, "is a string");
  absl::string_view text;
  if (!String(&text)) return false;
  std::string value;
  if (field.type() != FieldDescriptor::TYPE_BYTES) {
    value = std::string(text);
  } else if (!ReadBase64(text, &value)) {
    return FailAt(field, "is no base64");
  }
  const Reflection& reflection = *message->GetReflection();
  if (field.is_repeated()) {
    reflection.AddString(message, &field, std::move(value));
  } else {
    reflection.SetString(message, &field, std::move(value));
  }
  return true;
}

bool Reader::Bool(const FieldDescriptor& field, Message* message) {
  const bool value = TakeWord("true");
  if (!value && !TakeWord("false")) return FailAt(field, "is true or false");
  const Reflection& reflection = *message->GetReflection();
  if (field.is_repeated()) {
    reflection.AddBool(message, &field, value);
  } else {
    reflection.SetBool(message, &field, value);
  }
  return true;
}

bool Reader::Enum(const FieldDescriptor& field, Message* message) {
  int number = 0;
  absl::string_view text;
  if (Peek() == '"') {
    if (!String(&text)) return false;
    const EnumValueDescriptor* const value = field.enum_type()->FindValueByName(std::string(text));
    if (value == nullptr) return FailAt(field, "has no such value");
    number = value->number();
  } else if (!NumberText(&text) || !ParseInteger(text, &number)) {
    return FailAt(field, "is the name or the number of a value");
  }
  const Reflection& reflection = *message->GetReflection();
  if (field.is_repeated()) {
    reflection.AddEnumValue(message, &field, number);
  } else {
    reflection.SetEnumValue(message, &field, number);
  }
  return true;
}

template <class Number>
bool Reader::Integer(const FieldDescriptor& field, Message* message, Store<Number> set,
                     Store<Number> add) {
  absl::string_view text;
  Number number = 0;
  if (!NumberText(&text)) return FailAt(field, "is a number");
  if (!ParseInteger(text, &number)) return FailAt(field, "is a whole number that fits");
  (message->GetReflection()->*(field.is_repeated() ? add : set))(message, &field, number);
  return true;
}

bool Reader::NumberText(absl::string_view* text) {
  if (Peek() == '"') return String(text);
  const size_t length = LengthOfNumber(rest_);
  if (length == 0) return false;
  *text = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return true;
}

}  // namespace

absl::Status ReadJson(absl::string_view json, Message* message) {
  return Reader(json).Read(message);
}

absl::Status ReadJsonField(absl::string_view json, const FieldDescriptor& field, Message* value) {
  return Reader(json).ReadOnly(field, value);
}

}  // namespace usher::http
