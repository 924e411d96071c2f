// One call of a client, and what it was told.
#pragma once

#include <authentication/authenticationService.pb.h>
#include <grpcpp/client_context.h>
#include <roomService/roomService.pb.h>
#include <user/userService.pb.h>

#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/chaos/callers.h"

namespace usher::chaos {

// Of what was made; empty where nothing was.
inline std::string IdIn(const ::roomService::RoomCreateReply& reply) { return reply.roomid(); }
inline std::string IdIn(const ::user::UserCreateReply& reply) { return reply.userid(); }
inline std::string IdIn(const ::authentication::AuthenticationCreateReply& reply) {
  return reply.userid();
}
template <class Reply>
std::string IdIn(const Reply&) {
  return "";
}

inline const ::common::ReplyInfo& InfoOf(const ::common::ReplyInfo& reply) { return reply; }
template <class Reply>
const ::common::ReplyInfo& InfoOf(const Reply& reply) {
  return reply.replyinfo();
}

// Ends after `patience`, with `key` as its idempotency key where there is one. `taken`: where the
// whole reply goes, where somebody wants it.
template <class Stub, class Request, class Reply>
Answer Send(absl::Duration patience, Stub& stub,
            grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
            const Request& request, const std::string& key = "", Reply* taken = nullptr) {
  const absl::Time begin = absl::Now();
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(begin + patience));
  if (!key.empty()) context.AddMetadata("idempotency-key", key);
  Reply reply;
  const grpc::Status status = (stub.*method)(&context, request, &reply);
  if (taken != nullptr) *taken = reply;
  return {status, InfoOf(reply), absl::Now() - begin, IdIn(reply)};
}

template <class Request>
Request With(const SignedIn& who, Request request = Request()) {
  request.mutable_accessinfo()->set_accesstoken(who.access_token);
  return request;
}

}  // namespace usher::chaos
