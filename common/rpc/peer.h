// Another usher service, over mutual TLS on its internal port.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/rpc/outcome.h"
#include "common/rpc/wire_access.h"
#include "common/status/try.h"

namespace usher::rpc {

// Files in PEM form: the CA of the internal ports, and this service's certificate and key.
struct InternalTls {
  std::string ca;
  std::string certificate;
  std::string key;
};

// The reply type of a stub's method.
template <class StubMethod>
struct ReplyOf;
template <class Stub, class Request, class Reply>
struct ReplyOf<grpc::Status (Stub::*)(grpc::ClientContext*, const Request&, Reply*)> {
  using type = Reply;
};

// Thread-safe. Blocks: for Lane::kSlow and background threads only, and never while a database
// connection is held.
class Peer {
 public:
  // `service` is "auth", "user", ...; its certificate must say "usher-<service>". Does not connect
  // yet.
  Peer(std::string service, const std::string& address, const InternalTls& tls);

  // Makes one call: `peer.Call<AuthInternal>(call, &AuthInternal::Stub::signJoinToken, request)`.
  // Passes on request ID, trace and what is left of the deadline. A failure that the peer decided
  // comes back as it is (with its reply code), also one from a ReplyInfo; else Unreachable,
  // OutOfTime, Overloaded, RemoteError.
  template <class GrpcService, class StubMethod, class Request>
  auto Call(const CallContext& call, StubMethod method, Request request)
      -> absl::StatusOr<typename ReplyOf<StubMethod>::type> {
    typename ReplyOf<StubMethod>::type reply;
    grpc::ClientContext context;
    Prepare(call, &context);
    const auto stub = GrpcService::NewStub(channel_);
    const grpc::Status status = ((*stub).*method)(&context, request, &reply);
    RETURN_IF_ERROR(StatusOfGrpc(status, service_));
    RETURN_IF_ERROR(StatusOfReply(*ReplyInfoOf(reply)));
    return reply;
  }

  // Access info for a request on behalf of the caller.
  static ::common::AccessInfo OnBehalfOf(const CallContext& call);

 private:
  static void Prepare(const CallContext& call, grpc::ClientContext* context);

  const std::string service_;
  const std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace usher::rpc
