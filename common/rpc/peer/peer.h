// Another usher service, over mutual TLS on its internal port.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/call_context.h"
#include "common/rpc/outcome.h"
#include "common/rpc/peer/bulkhead.h"
#include "common/rpc/peer/tls_files.h"
#include "common/rpc/wire_access.h"
#include "common/status/try.h"

namespace usher::rpc {

// Headers of every call between services, beside `traceparent`. Only a caller with the certificate
// of a service may be believed: on a public port they mean nothing.
inline constexpr char kClientAddressHeader[] = "usher-client-address";  // CallContext::peer
inline constexpr char kRequestIdHeader[] = "usher-request-id";  // where the request has no field

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
  // `service` is "auth", "user", ...; its certificate must say "usher-<service>". `address` may be
  // a name with several addresses ("dns:///auth:50061"): calls go to all of them in turn. Does not
  // connect yet. New connections use what `tls` has then.
  Peer(std::string service, std::string address, std::shared_ptr<TlsFiles> tls,
       BulkheadOptions bulkhead = {});
  // With a certificate that stays.
  Peer(std::string service, std::string address, InternalTls tls, BulkheadOptions bulkhead = {})
      : Peer(std::move(service), std::move(address), std::make_shared<TlsFiles>(std::move(tls)),
             bulkhead) {}

  // Makes one call:
  // `peer.Call<AuthInternal>(Effect::kReads, call, &AuthInternal::Stub::signJoinToken, request)`.
  // Passes on request ID, trace, the client's address and what is left of the deadline, which is
  // all that it costs when the peer hangs. A failure that the peer decided comes back as it is
  // (with its reply code), also one from a ReplyInfo. Else
  //   Unreachable, Overloaded   the peer was not asked, or did not begin: nothing was changed
  //   OutOfTime, kCancelled     nothing was changed: the time was up before it was asked, or
  //                             while it was asked something that changes nothing
  //   InDoubt                   Effect::kChanges was sent, and no answer came
  //   RemoteError               the peer fell ill
  template <class GrpcService, class StubMethod, class Request>
  auto Call(Effect effect, const CallContext& call, StubMethod method, const Request& request)
      -> absl::StatusOr<typename ReplyOf<StubMethod>::type> {
    typename ReplyOf<StubMethod>::type reply;
    const auto send = [&](const ChannelPtr& channel, grpc::ClientContext* context) {
      const auto stub = GrpcService::NewStub(channel);
      return ((*stub).*method)(context, request, &reply);
    };
    RETURN_IF_ERROR(Carry(effect, call, send));
    RETURN_IF_ERROR(StatusOfReply(*ReplyInfoOf(reply)));
    return reply;
  }

  // Access info for a request on behalf of the caller.
  static ::common::AccessInfo OnBehalfOf(const CallContext& call);

 private:
  using ChannelPtr = std::shared_ptr<grpc::Channel>;
  using Send = absl::FunctionRef<grpc::Status(const ChannelPtr&, grpc::ClientContext*)>;

  absl::Status Carry(Effect effect, const CallContext& call, Send send);
  // Until then nothing has been sent. Unreachable.
  absl::Status AwaitConnection(grpc::Channel& channel, absl::Time deadline,
                               Bulkhead::Place* place) const;
  static void Prepare(const CallContext& call, absl::Time deadline, grpc::ClientContext* context);

  // The channel with the certificate of now. Calls that run keep the one before, until they end.
  ChannelPtr Channel();

  const std::string service_;
  const std::string shown_name_;  // "the auth service"
  const std::string address_;
  const std::shared_ptr<TlsFiles> tls_;
  const SystemClock clock_{};
  Bulkhead bulkhead_;
  absl::Mutex mutex_;
  std::shared_ptr<const InternalTls> certificate_ ABSL_GUARDED_BY(mutex_);  // that channel_ has
  ChannelPtr channel_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::rpc
