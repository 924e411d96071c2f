#include "common/rpc/gate/request_hash.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <sodium.h>

#include <memory>
#include <vector>

#include "absl/strings/escaping.h"
#include "common/rpc/gate/secret_fields.h"

namespace usher::rpc {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;

bool IsLeftOut(const FieldDescriptor& field) {
  return field.name() == "accessInfo" || field.name() == "accessToken" ||
         IsSecretName(field.name());
}

void Strip(Message* message) {
  const ::google::protobuf::Reflection& reflection = *message->GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (IsLeftOut(*field)) {
      reflection.ClearField(message, field);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_repeated()) {
      Strip(reflection.MutableMessage(message, field));
    }
  }
}

// Maps in a fixed order; plain serialization leaves it open.
std::string Deterministic(const Message& message) {
  std::string bytes;
  {
    ::google::protobuf::io::StringOutputStream stream(&bytes);
    ::google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&coded);
  }
  return bytes;
}

}  // namespace

std::string RequestHash(absl::string_view rpc, const Message& request) {
  const std::unique_ptr<Message> stripped(request.New());
  stripped->CopyFrom(request);
  Strip(stripped.get());
  const std::string bytes = Deterministic(*stripped);

  unsigned char hash[32];
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, sizeof(hash));
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(rpc.data()), rpc.size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(bytes.data()),
                            bytes.size());
  crypto_generichash_final(&state, hash, sizeof(hash));
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(hash), sizeof(hash)));
}

}  // namespace usher::rpc
