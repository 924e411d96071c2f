#include "common/rpc/gate/method.h"

#include <cstdlib>
#include <iostream>

#include "common/rpc/gate/secret_fields.h"

namespace usher::rpc {
namespace {

int AccessInfoField(const google::protobuf::Descriptor& request) {
  const google::protobuf::FieldDescriptor* const field = request.FindFieldByName("accessInfo");
  const bool is_one = field != nullptr && !field->is_repeated() &&
                      field->message_type() == ::common::AccessInfo::descriptor();
  return is_one ? field->number() : 0;
}

}  // namespace

Method::Method(const google::protobuf::MethodDescriptor& descriptor, MethodSpec spec,
               Admission admission, std::vector<std::string> peers, prometheus::Registry& registry)
    : descriptor(descriptor),
      spec(std::move(spec)),
      admission(admission),
      peers(std::move(peers)),
      access_info_field(AccessInfoField(*descriptor.input_type())),
      carries_secrets(HasSecretFields(*descriptor.input_type())),
      metrics(registry, this->spec.name) {}

void Method::RequireDescribedTypes() const {
  if (request_type->GetDescriptor() == descriptor.input_type() &&
      reply_type->GetDescriptor() == descriptor.output_type()) {
    return;
  }
  std::cerr << spec.name << " is bound to " << descriptor.full_name()
            << ", which has other messages\n";
  std::abort();
}

}  // namespace usher::rpc
