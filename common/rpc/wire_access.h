// Where access info and reply info stand in the few message shapes that there are.
#pragma once

#include <common/accessInfo.pb.h>
#include <common/replyInfo.pb.h>

#include <string>

namespace usher::rpc {

template <class Request>
const ::common::AccessInfo& AccessInfoOf(const Request& request) {
  if constexpr (requires { request.accessinfo(); }) {
    return request.accessinfo();
  } else {
    return ::common::AccessInfo::default_instance();  // open calls have none
  }
}

// In isAuthenticated the access info is the message.
inline const ::common::AccessInfo& AccessInfoOf(const ::common::AccessInfo& request) {
  return request;
}

// To take the token out of it; null where a request has none.
template <class Request>
::common::AccessInfo* MutableAccessInfoOf(Request& request) {
  if constexpr (requires { request.mutable_accessinfo(); }) {
    return request.mutable_accessinfo();
  } else {
    return nullptr;
  }
}

inline ::common::AccessInfo* MutableAccessInfoOf(::common::AccessInfo& request) { return &request; }

// In authenticate the request ID stands in the message itself.
template <class Request>
const std::string& RequestIdOf(const Request& request) {
  if constexpr (requires { request.requestid(); }) {
    return request.requestid();
  } else {
    return AccessInfoOf(request).requestid();
  }
}

template <class Reply>
::common::ReplyInfo* ReplyInfoOf(Reply& reply) {
  return reply.mutable_replyinfo();
}

// In some calls the reply info is the message.
inline ::common::ReplyInfo* ReplyInfoOf(::common::ReplyInfo& reply) { return &reply; }

}  // namespace usher::rpc
