// Calls of published rpcs through the JSON doors.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "tests/conformance/published_methods.h"
#include "tests/support/house.h"

namespace usher {

// Whether it has a path: not so are streams, and the room service under its second name.
bool HasJsonPath(const google::protobuf::MethodDescriptor& method);

// What Call (published_methods.h) does, as JSON over HTTP/1.1. An answer that is none (another
// status than 200) becomes the gRPC status that its body names. Throws std::runtime_error for what
// is not as docs/json.md says.
Answer CallByJson(House& house, const google::protobuf::MethodDescriptor& method,
                  const google::protobuf::Message& request);

}  // namespace usher
