// The fields of requests that carry secrets.
#pragma once

#include <google/protobuf/message.h>

#include "absl/strings/string_view.h"

namespace usher::rpc {

// By its name in the protocol: passwords, codes, and tokens that outlive a call by far. (Access
// tokens come with every call and are kept by the cache of verified ones anyway.)
bool IsSecretName(absl::string_view field);

// Whether there are any in such messages, at any depth.
bool HasSecretFields(const google::protobuf::Descriptor& message);

// Overwrites them. What gRPC keeps of the bytes that came is not ours to overwrite.
void WipeSecretFields(google::protobuf::Message* message);

}  // namespace usher::rpc
