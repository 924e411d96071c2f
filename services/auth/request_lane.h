// Which lane a request of auth runs in, where that depends on what is in it: a hash takes a core
// for long, and nothing that needs none may wait behind it.
#pragma once

#include <authentication/authenticationService.pb.h>
#include <google/protobuf/message.h>
#include <usher/internal/v1/auth.pb.h>
#include <usher/internal/v1/auth_company.pb.h>

#include "common/rpc/lane/lane.h"

namespace usher::auth {

// Pure, and cheap whatever the request has: called on the polling thread, before anything about the
// request is known. kHash: the body hashes slowly, and asks nobody but the database. kSlow: it asks
// another service, and may hash besides. kDirectory: it asks a company's directory, and perhaps
// another service, and may hash besides. kStore: nothing of that.
rpc::Lane LaneOf(const ::authentication::AuthenticationRequest& request);  // authenticate
rpc::Lane LaneOf(const ::authentication::AuthenticationCreateRequest& request);
rpc::Lane LaneOf(const ::authentication::AuthenticationUpdateRequest& request);
rpc::Lane LaneOf(const ::usher::internal::v1::EnsureUserRequest& request);
rpc::Lane LaneOf(const ::usher::internal::v1::EnsureCompanyRequest& request);

// The same for MethodSpec::lane_of. `message` must be a Request.
template <class Request>
rpc::Lane LaneByRequest(const google::protobuf::Message& message) {
  return LaneOf(static_cast<const Request&>(message));
}

}  // namespace usher::auth
