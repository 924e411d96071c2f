#include "common/http/json_writer.h"

#include <google/protobuf/descriptor.h>

#include <memory>
#include <set>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/printable.h"

namespace usher::http {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::EnumValueDescriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

bool IsWritable(const Descriptor& message, std::set<const Descriptor*>* seen) {
  if (!seen->insert(&message).second) return true;
  if (absl::StartsWith(message.full_name(), "google.protobuf.")) return false;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE ||
        field.cpp_type() == FieldDescriptor::CPPTYPE_FLOAT ||
        field.type() == FieldDescriptor::TYPE_GROUP) {
      return false;
    }
    if (field.message_type() != nullptr && !IsWritable(*field.message_type(), seen)) return false;
  }
  return true;
}

// Of a character that PlainBytes stops at: its bytes as they are, or an escape.
void WriteSpecial(absl::string_view character, std::string* json) {
  const char c = character.front();
  switch (c) {
    case '"':
      json->append("\\\"");
      return;
    case '\\':
      json->append("\\\\");
      return;
    case '\n':
      json->append("\\n");
      return;
    case '\r':
      json->append("\\r");
      return;
    case '\t':
      json->append("\\t");
      return;
    default:
      break;
  }
  if (static_cast<unsigned char>(c) < 0x20) {
    absl::StrAppend(json, "\\u00", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
  } else {
    json->append(character.data(), character.size());
  }
}

class Writer {
 public:
  explicit Writer(std::string* json) : json_(json) {}

  void Object(const Message& message);

 private:
  void Field(const Message& message, const FieldDescriptor& field);
  void List(const Message& message, const FieldDescriptor& field);
  void Map(const Message& message, const FieldDescriptor& field);
  void MapKey(const Message& entry, const FieldDescriptor& key);
  // One value: the field's, or, of a list, that at `at`.
  void Value(const Message& message, const FieldDescriptor& field, int at);
  void Text(const Message& message, const FieldDescriptor& field, int at);
  void Enum(const FieldDescriptor& field, int number);

  std::string* json_;
};

void Writer::Object(const Message& message) {
  const Descriptor& descriptor = *message.GetDescriptor();
  const Reflection& reflection = *message.GetReflection();
  char separator = '{';
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    if (!field.is_repeated() && !reflection.HasField(message, &field)) continue;
    json_->push_back(separator);
    separator = ',';
    json_->push_back('"');
    json_->append(field.name());
    json_->append("\":");
    Field(message, field);
  }
  if (separator == '{') json_->push_back('{');
  json_->push_back('}');
}

void Writer::Field(const Message& message, const FieldDescriptor& field) {
  if (field.is_map()) {
    Map(message, field);
  } else if (field.is_repeated()) {
    List(message, field);
  } else {
    Value(message, field, 0);
  }
}

void Writer::List(const Message& message, const FieldDescriptor& field) {
  const int size = message.GetReflection()->FieldSize(message, &field);
  json_->push_back('[');
  for (int i = 0; i < size; ++i) {
    if (i > 0) json_->push_back(',');
    Value(message, field, i);
  }
  json_->push_back(']');
}

void Writer::Map(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  const int size = reflection.FieldSize(message, &field);
  json_->push_back('{');
  for (int i = 0; i < size; ++i) {
    if (i > 0) json_->push_back(',');
    const Message& entry = reflection.GetRepeatedMessage(message, &field, i);
    MapKey(entry, *field.message_type()->map_key());
    json_->push_back(':');
    Value(entry, *field.message_type()->map_value(), 0);
  }
  json_->push_back('}');
}

void Writer::MapKey(const Message& entry, const FieldDescriptor& key) {
  const Reflection& reflection = *entry.GetReflection();
  switch (key.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      absl::StrAppend(json_, "\"", reflection.GetInt32(entry, &key), "\"");
      return;
    case FieldDescriptor::CPPTYPE_UINT32:
      absl::StrAppend(json_, "\"", reflection.GetUInt32(entry, &key), "\"");
      return;
    case FieldDescriptor::CPPTYPE_BOOL:
      json_->append(reflection.GetBool(entry, &key) ? "\"true\"" : "\"false\"");
      return;
    default:
      Value(entry, key, 0);  // strings and 64-bit numbers are strings anyway
  }
}

void Writer::Value(const Message& message, const FieldDescriptor& field, int at) {
  const Reflection& reflection = *message.GetReflection();
  const bool listed = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Object(listed ? reflection.GetRepeatedMessage(message, &field, at)
                           : reflection.GetMessage(message, &field));
    case FieldDescriptor::CPPTYPE_STRING:
      return Text(message, field, at);
    case FieldDescriptor::CPPTYPE_BOOL: {
      const bool value = listed ? reflection.GetRepeatedBool(message, &field, at)
                                : reflection.GetBool(message, &field);
      json_->append(value ? "true" : "false");
      return;
    }
    case FieldDescriptor::CPPTYPE_ENUM:
      return Enum(field, listed ? reflection.GetRepeatedEnumValue(message, &field, at)
                                : reflection.GetEnumValue(message, &field));
    case FieldDescriptor::CPPTYPE_INT32:
      absl::StrAppend(json_, listed ? reflection.GetRepeatedInt32(message, &field, at)
                                    : reflection.GetInt32(message, &field));
      return;
    case FieldDescriptor::CPPTYPE_UINT32:
      absl::StrAppend(json_, listed ? reflection.GetRepeatedUInt32(message, &field, at)
                                    : reflection.GetUInt32(message, &field));
      return;
    case FieldDescriptor::CPPTYPE_INT64:
      absl::StrAppend(json_, "\"",
                      listed ? reflection.GetRepeatedInt64(message, &field, at)
                             : reflection.GetInt64(message, &field),
                      "\"");
      return;
    case FieldDescriptor::CPPTYPE_UINT64:
      absl::StrAppend(json_, "\"",
                      listed ? reflection.GetRepeatedUInt64(message, &field, at)
                             : reflection.GetUInt64(message, &field),
                      "\"");
      return;
    default:
      json_->append("null");  // IsWritableAsJson has said that there is none
  }
}

void Writer::Text(const Message& message, const FieldDescriptor& field, int at) {
  const Reflection& reflection = *message.GetReflection();
  std::string scratch;
  const std::string& text =
      field.is_repeated() ? reflection.GetRepeatedStringReference(message, &field, at, &scratch)
                          : reflection.GetStringReference(message, &field, &scratch);
  if (field.type() != FieldDescriptor::TYPE_BYTES) return WriteJsonString(text, json_);
  absl::StrAppend(json_, "\"", absl::Base64Escape(text), "\"");
}

void Writer::Enum(const FieldDescriptor& field, int number) {
  const EnumValueDescriptor* const value = field.enum_type()->FindValueByNumber(number);
  if (value == nullptr) {
    absl::StrAppend(json_, number);
  } else {
    absl::StrAppend(json_, "\"", value->name(), "\"");
  }
}

}  // namespace

bool IsWritableAsJson(const Descriptor& message) {
  std::set<const Descriptor*> seen;
  return IsWritable(message, &seen);
}

void WriteJson(const Message& message, std::string* json) {
  if (message.GetReflection()->GetUnknownFields(message).empty()) {
    return Writer(json).Object(message);
  }
  // A reply whose fields were written as bytes (docs/adr/0013).
  const std::unique_ptr<Message> read(message.New());
  read->ParseFromString(message.SerializeAsString());
  Writer(json).Object(*read);
}

void WriteJsonString(absl::string_view text, std::string* json) {
  json->push_back('"');
  while (true) {
    const size_t plain = PlainBytes(text);
    json->append(text.data(), plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const size_t bytes = FirstCharacter(text).bytes;
    WriteSpecial(text.substr(0, bytes), json);
    text.remove_prefix(bytes);
  }
  json->push_back('"');
}

std::string JsonString(absl::string_view text) {
  std::string json;
  WriteJsonString(text, &json);
  return json;
}

}  // namespace usher::http
