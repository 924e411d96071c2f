// The published rpcs, read from the descriptor set of the build, and calls of them by name.
#pragma once

#include <common/replyInfo.pb.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/support/house.h"

namespace usher {

// Every rpc of every file outside of our own packages (usher.*), and of those of ours that users
// call with a token (usher.audit.v1), in the order of their names; of
// the room service under both of its names. Nobody has to list a new one.
const std::vector<const google::protobuf::MethodDescriptor*>& PublishedMethods();

// By its full name, "user.UserService.userList"; nullptr when it is not published.
const google::protobuf::MethodDescriptor* FindPublishedMethod(const std::string& full_name);

// "AuthenticationService_authenticate", as names of tests may look.
std::string TestNameOf(const google::protobuf::MethodDescriptor& method);

// The service whose servers have it: "auth". Throws std::runtime_error where nobody has said.
const std::string& ServerOf(const google::protobuf::MethodDescriptor& method);

// An empty request of the method, and an empty reply.
std::unique_ptr<google::protobuf::Message> RequestOf(
    const google::protobuf::MethodDescriptor& method);
std::unique_ptr<google::protobuf::Message> ReplyOf(
    const google::protobuf::MethodDescriptor& method);

// Writes token and request ID to where the request keeps them, as far as it has places for them.
void SetAccess(const std::string& token, const std::string& request_id,
               google::protobuf::Message* request);

// The one in a reply, or the reply itself.
::common::ReplyInfo ReplyInfoOf(const google::protobuf::Message& reply);

// What a call answered; of a stream, its first message.
struct Answer {
  grpc::Status status;
  std::unique_ptr<google::protobuf::Message> reply;
  ::common::ReplyInfo info;  // out of the reply, or the reply itself
};

// Over the public port of the service that serves it. Any message of the request's type will do.
Answer Call(House& house, const google::protobuf::MethodDescriptor& method,
            const google::protobuf::Message& request);

}  // namespace usher
