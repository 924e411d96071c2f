// One rpc as the gate serves it.
#pragma once

#include <common/accessInfo.pb.h>
#include <common/replyInfo.pb.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <prometheus/registry.h>

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/access/caller.h"
#include "common/rpc/call/stream.h"
#include "common/rpc/gate/call_report.h"
#include "common/rpc/lane/lane.h"
#include "common/rpc/wire_access.h"

namespace usher::rpc {

// How one method is served: what a service says of it.
struct MethodSpec {
  std::string name;  // "room.create": in log, metrics and documents
  Lane lane = Lane::kStore;
  // For methods some of whose requests wait for more than others. Instead of `lane`.
  std::function<Lane(const google::protobuf::Message& request)> lane_of = nullptr;
  // Token types that it takes; a join or activation token opens few doors.
  std::set<token::TokenType> accepts = {token::TokenType::kAccess};
  // Guests may call it, and what of it they may do is for the body to say. Elsewhere they are
  // refused.
  bool guests = false;
  // Changes nothing. What does is refused while nobody knows whose rights were taken.
  bool reads = false;
  // A creating call: its idempotency-key header counts.
  bool creates = false;
  size_t largest_request = 256 * 1024;  // bytes as they came
};

// Who may call it.
enum class Admission {
  kToken,         // whoever has a token
  kOpen,          // anybody
  kPeer,          // another service, by its certificate
  kPeerAndToken,  // another service for somebody with a token
};

// A call that was admitted, as bodies and the gate see it.
struct Admitted {
  std::shared_ptr<CallContext> call = std::make_shared<CallContext>();
  std::optional<Caller> caller;  // nothing where no token is asked for
};

// What the calls of one method share. Made by the gate, lives as long as it.
struct Method {
  using Message = google::protobuf::Message;
  using Body = std::function<absl::Status(const Admitted&, const Message& request, Message& reply)>;
  using StreamBody = std::function<absl::Status(const Admitted&, const Message& request,
                                                std::shared_ptr<StreamSink>)>;

  Method(const google::protobuf::MethodDescriptor& descriptor, MethodSpec spec, Admission admission,
         std::vector<std::string> peers, prometheus::Registry& registry);

  // With the types of the wire, which must be those of the descriptor.
  template <class Request, class Reply>
  void SetTypes() {
    request_type = &Request::default_instance();
    reply_type = &Reply::default_instance();
    access_info = [](Message& request) {
      return MutableAccessInfoOf(static_cast<Request&>(request));
    };
    request_id = [](const Message& request) -> const std::string& {
      return RequestIdOf(static_cast<const Request&>(request));
    };
    reply_info = [](Message& reply) -> ::common::ReplyInfo* {
      return ReplyInfoOf(static_cast<Reply&>(reply));
    };
    RequireDescribedTypes();
  }

  bool AsksForToken() const {
    return admission == Admission::kToken || admission == Admission::kPeerAndToken;
  }
  bool AsksForPeer() const {
    return admission == Admission::kPeer || admission == Admission::kPeerAndToken;
  }
  // Whether somebody may want to know that the client went away.
  bool IsSlow() const { return spec.lane == Lane::kSlow || spec.lane_of != nullptr; }

  const google::protobuf::MethodDescriptor& descriptor;
  const MethodSpec spec;
  const Admission admission;
  const std::vector<std::string> peers;  // names of services: "user"
  // The field of the request that has the access info; 0: none, or the request is the access info.
  const int access_info_field;
  const bool carries_secrets;  // that are to be wiped with the request
  MethodMetrics metrics;

  const Message* request_type = nullptr;
  const Message* reply_type = nullptr;
  ::common::AccessInfo* (*access_info)(Message& request) = nullptr;  // may answer null
  const std::string& (*request_id)(const Message& request) = nullptr;
  ::common::ReplyInfo* (*reply_info)(Message& reply) = nullptr;
  // One of the two.
  Body body;
  StreamBody stream_body;

 private:
  // Ends the process over a body that was written for another method's messages.
  void RequireDescribedTypes() const;
};

}  // namespace usher::rpc
