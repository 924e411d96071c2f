#include "common/http/json_reader.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "absl/container/inlined_vector.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/http/json_text.h"

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

bool ReadBase64(absl::string_view text, std::string* bytes) {
  if (text.find_first_of("-_") == absl::string_view::npos) return absl::Base64Unescape(text, bytes);
  return absl::Base64Unescape(absl::StrReplaceAll(text, {{"-", "+"}, {"_", "/"}}), bytes);
}

class Reader {
 public:
  explicit Reader(absl::string_view json) : text_(json) {}

  absl::Status Read(Message* message) { return Finish(Object(message, 0)); }
  absl::Status ReadOnly(const FieldDescriptor& wanted, Message* value);

 private:
  absl::Status Finish(bool read);
  bool FailAt(const FieldDescriptor& field, absl::string_view what);

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

  JsonText text_;
};

absl::Status Reader::ReadOnly(const FieldDescriptor& wanted, Message* value) {
  bool seen = false;
  return Finish(text_.Members(0, [&](absl::string_view name) {
    if (FindField(*wanted.containing_type(), name) != &wanted) return text_.SkipValue(1);
    if (seen) return FailAt(wanted, "stands twice");
    seen = true;
    return text_.TakeWord("null") || Object(value, 1);
  }));
}

absl::Status Reader::Finish(bool read) {
  if (read) {
    text_.SkipSpace();
    if (text_.AtEnd()) return absl::OkStatus();
    text_.Fail("something follows the object");
  }
  return absl::InvalidArgumentError(text_.error());
}

bool Reader::FailAt(const FieldDescriptor& field, absl::string_view what) {
  return text_.Fail(absl::StrCat(field.name(), " ", what));
}

bool Reader::Object(Message* message, int depth) {
  const Descriptor& descriptor = *message->GetDescriptor();
  absl::InlinedVector<bool, 32> seen(static_cast<size_t>(descriptor.field_count()));
  return text_.Members(depth, [&](absl::string_view name) {
    const FieldDescriptor* const field = FindField(descriptor, name);
    if (field == nullptr) return text_.SkipValue(depth + 1);
    bool& seen_before = seen[static_cast<size_t>(field->index())];
    if (seen_before) return FailAt(*field, "stands twice");
    seen_before = true;
    return Field(*field, message, depth + 1);
  });
}

bool Reader::Field(const FieldDescriptor& field, Message* message, int depth) {
  if (text_.TakeWord("null")) return true;
  if (field.is_map()) return Map(field, message, depth);
  if (!field.is_repeated()) return Value(field, message, depth);
  text_.SkipSpace();
  if (text_.Peek() != '[') return FailAt(field, "is a list");
  return text_.Elements(depth, [&] { return Value(field, message, depth + 1); });
}

bool Reader::Map(const FieldDescriptor& field, Message* message, int depth) {
  text_.SkipSpace();
  if (text_.Peek() == '[') {  // PHP's empty array
    return (text_.Take('[') && text_.Take(']')) || FailAt(field, "is a map");
  }
  if (text_.Peek() != '{') return FailAt(field, "is a map");
  const Reflection& reflection = *message->GetReflection();
  return text_.Members(depth, [&](absl::string_view key) {
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
  text_.SkipSpace();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      if (text_.Peek() != '{') return FailAt(field, "is an object");
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
  if (text_.Peek() != '"') return FailAt(field, "is a string");
  absl::string_view text;
  if (!text_.String(&text)) return false;
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
  const bool value = text_.TakeWord("true");
  if (!value && !text_.TakeWord("false")) return FailAt(field, "is true or false");
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
  if (text_.Peek() == '"') {
    if (!text_.String(&text)) return false;
    const EnumValueDescriptor* const value = field.enum_type()->FindValueByName(std::string(text));
    if (value == nullptr) return FailAt(field, "has no such value");
    number = value->number();
  } else if (!text_.NumberText(&text) || !ParseInteger(text, &number)) {
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
  if (!text_.NumberText(&text)) return FailAt(field, "is a number");
  if (!ParseInteger(text, &number)) return FailAt(field, "is a whole number that fits");
  (message->GetReflection()->*(field.is_repeated() ? add : set))(message, &field, number);
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
