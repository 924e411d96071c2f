// Another usher service, over mutual TLS on its internal port.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/call_context.h"
#include "common/rpc/outcome.h"
#include "common/rpc/tls_files.h"
#include "common/rpc/wire_access.h"
#include "common/status/try.h"

namespace usher::rpc {

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
  // yet. New connections use what `tls` has then.
  Peer(std::string service, std::string address, std::shared_ptr<TlsFiles> tls);
  // With a certificate that stays.
  Peer(std::string service, std::string address, InternalTls tls)
      : Peer(std::move(service), std::move(address), std::make_shared<TlsFiles>(std::move(tls))) {}

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
    const auto stub = GrpcService::NewStub(Channel());
    const grpc::Status status = ((*stub).*method)(&context, request, &reply);
    RETURN_IF_ERROR(StatusOfGrpc(status, service_));
    RETURN_IF_ERROR(StatusOfReply(*ReplyInfoOf(reply)));
    return reply;
  }

  // Access info for a request on behalf of the caller.
  static ::common::AccessInfo OnBehalfOf(const CallContext& call);

 private:
  static void Prepare(const CallContext& call, grpc::ClientContext* context);

  // The channel with the certificate of now. Calls that run keep the one before, until they end.
  std::shared_ptr<grpc::Channel> Channel();

  const std::string service_;
  const std::string address_;
  const std::shared_ptr<TlsFiles> tls_;
  absl::Mutex mutex_;
  std::shared_ptr<const InternalTls> certificate_ ABSL_GUARDED_BY(mutex_);  // that channel_ has
  std::shared_ptr<grpc::Channel> channel_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::rpc
