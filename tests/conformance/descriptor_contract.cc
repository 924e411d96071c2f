#include "tests/conformance/descriptor_contract.h"

#include <google/protobuf/descriptor.pb.h>

#include <string>

namespace usher {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::EnumDescriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::FileDescriptor;
using ::google::protobuf::MethodDescriptor;
using ::google::protobuf::ServiceDescriptor;

std::string TypeOf(const FieldDescriptor& field) {
  if (field.is_map()) {
    const Descriptor& entry = *field.message_type();
    return "map<" + TypeOf(*entry.map_key()) + "," + TypeOf(*entry.map_value()) + ">";
  }
  std::string type = field.type_name();
  if (field.message_type() != nullptr) type = field.message_type()->full_name();
  if (field.enum_type() != nullptr) type = field.enum_type()->full_name();
  // Presence is part of the type: the published fields have none, so these prefixes never match.
  if (field.real_containing_oneof() != nullptr) return "oneof " + type;
  if (field.has_optional_keyword()) return "optional " + type;
  return field.is_repeated() ? "repeated " + type : type;
}

void AddEnum(const EnumDescriptor& descriptor, WireContract& contract) {
  contract.enums[descriptor.full_name()] = descriptor.file()->name();
  for (int i = 0; i < descriptor.value_count(); ++i) {
    // Not the value's full name, which protobuf puts beside the enum instead of inside it.
    const std::string symbol = descriptor.full_name() + "." + descriptor.value(i)->name();
    contract.values[symbol] = std::to_string(descriptor.value(i)->number());
  }
}

void AddMessage(const Descriptor& descriptor, WireContract& contract) {
  contract.messages[descriptor.full_name()] = descriptor.file()->name();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    contract.fields[field.full_name()] = std::to_string(field.number()) + " " + TypeOf(field);
  }
  const std::string reserved = descriptor.full_name() + " reserved ";
  for (int i = 0; i < descriptor.reserved_range_count(); ++i) {
    const Descriptor::ReservedRange& range = *descriptor.reserved_range(i);
    for (int number = range.start; number < range.end; ++number) {
      contract.reserved[reserved + std::to_string(number)] = "number";
    }
  }
  for (int i = 0; i < descriptor.reserved_name_count(); ++i) {
    contract.reserved[reserved + descriptor.reserved_name(i)] = "name";
  }
  for (int i = 0; i < descriptor.enum_type_count(); ++i) {
    AddEnum(*descriptor.enum_type(i), contract);
  }
  for (int i = 0; i < descriptor.nested_type_count(); ++i) {
    const Descriptor& nested = *descriptor.nested_type(i);
    if (!nested.options().map_entry()) AddMessage(nested, contract);
  }
}

void AddService(const ServiceDescriptor& descriptor, WireContract& contract) {
  contract.services[descriptor.full_name()] = descriptor.file()->name();
  for (int i = 0; i < descriptor.method_count(); ++i) {
    const MethodDescriptor& method = *descriptor.method(i);
    const std::string request = method.client_streaming() ? "(stream " : "(";
    const std::string reply = method.server_streaming() ? "(stream " : "(";
    contract.rpcs[method.full_name()] = request + method.input_type()->full_name() + ") returns " +
                                        reply + method.output_type()->full_name() + ")";
  }
}

}  // namespace

WireContract ContractOf(const std::vector<const FileDescriptor*>& files) {
  WireContract contract;
  for (const FileDescriptor* file : files) {
    contract.packages[file->name()] = file->package();
    for (int i = 0; i < file->message_type_count(); ++i) {
      AddMessage(*file->message_type(i), contract);
    }
    for (int i = 0; i < file->enum_type_count(); ++i) AddEnum(*file->enum_type(i), contract);
    for (int i = 0; i < file->service_count(); ++i) AddService(*file->service(i), contract);
  }
  return contract;
}

}  // namespace usher
