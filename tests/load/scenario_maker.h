// What the files of scenarios have in common.
#pragma once

#include <google/protobuf/message_lite.h>
#include <load.pb.h>

#include <map>
#include <string>

#include "tests/load/generator.h"

namespace usher::load {

// By the names that `--scenario` takes.
using ScenarioMakers = std::map<std::string, Scenario (*)(const v1::Seed&)>;

inline grpc::ByteBuffer Serialized(const google::protobuf::MessageLite& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace usher::load
