// Calls of any server of a house that has several of each service.
#pragma once

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/support/over_the_wire.h"

namespace usher {

// What a client may conclude from an answer.
enum class Told { kDone, kNotDone, kInDoubt };

template <class Reply>
struct Answer {
  grpc::Status status;
  Reply reply;

  ::common::ReplyStatusCode code() const {
    return status.ok() ? InfoOf(reply).statuscode() : ::common::INTERNAL_ERROR;
  }
  Told told() const {
    if (status.ok()) return code() == ::common::OK ? Told::kDone : Told::kNotDone;
    const bool called_off = absl::StrContains(status.error_message(), "nothing was changed") ||
                            status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED;
    return called_off ? Told::kNotDone : Told::kInDoubt;
  }
  std::string Text() const {
    return absl::StrCat(status.error_code(), " ", status.error_message(), " ",
                        InfoOf(reply).ShortDebugString());
  }
};

// How, and whom of the servers of a service.
struct Manner {
  std::string request;  // its ID; empty: the server makes one up
  int number = 1;
  absl::Duration patience = absl::Seconds(30);
  std::string key;  // for idempotency; empty: none
};

// Waits for a server that is coming back.
template <class Service, class Stub, class Request, class Reply>
Answer<Reply> Send(House& house, const std::string& service,
                   grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Reply*),
                   const Request& request, const Manner& manner) {
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  context.set_deadline(absl::ToChronoTime(absl::Now() + manner.patience));
  if (!manner.key.empty()) context.AddMetadata("idempotency-key", manner.key);
  Answer<Reply> answer;
  const auto stub = Service::NewStub(house.channel(House::Replica(service, manner.number)));
  answer.status = ((*stub).*rpc)(&context, request, &answer.reply);
  return answer;
}

// With a token.
template <class Service, class Stub, class Request, class Reply>
Answer<Reply> Call(House& house, const std::string& service,
                   grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Reply*),
                   const std::string& token, Request request, const Manner& manner = {}) {
  request.mutable_accessinfo()->set_accesstoken(token);
  request.mutable_accessinfo()->set_requestid(manner.request);
  return Send<Service>(house, service, rpc, request, manner);
}

}  // namespace usher
