// What a row of authorization_matrix.txt asks of its rpc.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <memory>
#include <string>

#include "tests/conformance/authorization_scene.h"

namespace usher {

struct Question {
  std::string with;  // the third column
  Actor actor;
  Target target;
  std::string own_room;   // a room in which the actor has `admin`
  std::string open_room;  // a room that every member of the actor's company may join
};

// Without token and request ID. Throws std::runtime_error for an rpc of which it knows nothing, and
// for a `with` that the rpc does not know.
std::unique_ptr<google::protobuf::Message> RequestFor(
    const google::protobuf::MethodDescriptor& method, const Question& question);

}  // namespace usher
