#include "common/rpc/gate/secret_fields.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/secret.h"

namespace usher::rpc {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

bool IsSecret(const FieldDescriptor& field) {
  return IsSecretName(field.name()) && !field.is_repeated() &&
         field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
}

bool HasSecretFieldsBelow(const Descriptor& message, std::set<const Descriptor*>* seen) {
  if (!seen->insert(&message).second) return false;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    if (IsSecret(field)) return true;
    if (field.message_type() != nullptr && HasSecretFieldsBelow(*field.message_type(), seen)) {
      return true;
    }
  }
  return false;
}

// In place: protobuf's own string is the one that held the secret.
void WipeField(const FieldDescriptor& field, Message* message) {
  const Reflection& reflection = *message->GetReflection();
  std::string scratch;
  const std::string& kept = reflection.GetStringReference(*message, &field, &scratch);
  if (&kept != &scratch) WipeText(const_cast<std::string&>(kept));
  reflection.ClearField(message, &field);
}

}  // namespace

bool IsSecretName(absl::string_view field) {
  static const auto* const names = new std::array<absl::string_view, 8>{
      "password",           "code",         "current",         "currentCode",
      "passwordResetToken", "refreshToken", "activationToken", "Oauth2Token"};
  return std::find(names->begin(), names->end(), field) != names->end();
}

bool HasSecretFields(const Descriptor& message) {
  std::set<const Descriptor*> seen;
  return HasSecretFieldsBelow(message, &seen);
}

void WipeSecretFields(Message* message) {
  const Reflection& reflection = *message->GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (IsSecret(*field)) {
      WipeField(*field, message);
    } else if (field->message_type() != nullptr && !field->is_repeated()) {
      WipeSecretFields(reflection.MutableMessage(message, field));
    }
  }
}

}  // namespace usher::rpc
