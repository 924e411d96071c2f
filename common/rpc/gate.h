// The pipeline of every rpc: token, request ID, deadline, idempotency key, lane, log, metrics, and
// failures turned into answers. docs/request.md follows one request through it.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/server_context.h>
#include <prometheus/registry.h>

#include <exception>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/base/clock.h"
#include "common/permission/caller.h"
#include "common/rpc/call_report.h"
#include "common/rpc/lane.h"
#include "common/rpc/outcome.h"
#include "common/rpc/unary_call.h"
#include "common/rpc/wire_access.h"
#include "common/token/token_verifier.h"

namespace usher::rpc {

// How one method is served.
struct MethodSpec {
  std::string name;  // "room.create": in log, metrics and documents
  Lane lane = Lane::kStore;
  // Token types that it takes; a join or activation token opens few doors.
  std::set<token::TokenType> accepts = {token::TokenType::kAccess};
  // A creating call: its idempotency-key header counts.
  bool creates = false;
};

struct GateOptions {
  CompanyId operator_company;
  absl::Duration longest_call =
      absl::Seconds(10);  // for clients that set no deadline, or a longer one
};

// Thread-safe once the services are built. Bodies run concurrently.
class Gate {
 public:
  Gate(token::TokenVerifier& verifier, Lanes& lanes, prometheus::Registry& registry,
       const Clock& clock, GateOptions options);

  // Binds a method that takes a verified caller.
  // Body: absl::Status(const Caller&, const Request&, Reply&).
  template <class Async, class Mixin, class Request, class Reply, class Body>
  void Serve(Service& owner, Async& service, MethodSpec spec,
             RequestMethod<Mixin, Request, Reply> request_method, Body body) {
    Bind<Request, Reply>(owner, service, Admission::kToken, {}, std::move(spec), request_method,
                         [body](const Admitted& admitted, const Request& request, Reply& reply) {
                           return body(*admitted.caller, request, reply);
                         });
  }

  // Binds a method that anybody may call. Body: absl::Status(const CallContext&, const Request&,
  // Reply&). The few there are can be found by searching for this name.
  template <class Async, class Mixin, class Request, class Reply, class Body>
  void ServeOpen(Service& owner, Async& service, MethodSpec spec,
                 RequestMethod<Mixin, Request, Reply> request_method, Body body) {
    Bind<Request, Reply>(owner, service, Admission::kOpen, {}, std::move(spec), request_method,
                         [body](const Admitted& admitted, const Request& request, Reply& reply) {
                           return body(*admitted.call, request, reply);
                         });
  }

  // Binds a method of the internal port: only the services named in `peers` ("user", "room") may
  // call it, by the name in their certificates. Body as in ServeOpen.
  template <class Async, class Mixin, class Request, class Reply, class Body>
  void ServeInternal(Service& owner, Async& service, std::vector<std::string> peers,
                     MethodSpec spec, RequestMethod<Mixin, Request, Reply> request_method,
                     Body body) {
    Bind<Request, Reply>(owner, service, Admission::kPeer, std::move(peers), std::move(spec),
                         request_method,
                         [body](const Admitted& admitted, const Request& request, Reply& reply) {
                           return body(*admitted.call, request, reply);
                         });
  }

  // The same where an end user stands behind the call, whose token is checked again. Body as in
  // Serve.
  template <class Async, class Mixin, class Request, class Reply, class Body>
  void ServeInternalFor(Service& owner, Async& service, std::vector<std::string> peers,
                        MethodSpec spec, RequestMethod<Mixin, Request, Reply> request_method,
                        Body body) {
    Bind<Request, Reply>(owner, service, Admission::kPeerAndToken, std::move(peers),
                         std::move(spec), request_method,
                         [body](const Admitted& admitted, const Request& request, Reply& reply) {
                           return body(*admitted.caller, request, reply);
                         });
  }

 private:
  enum class Admission { kToken, kOpen, kPeer, kPeerAndToken };

  // What the calls of one method share.
  struct Method {
    Method(MethodSpec spec, Admission admission, std::vector<std::string> peers,
           prometheus::Registry& registry)
        : spec(std::move(spec)),
          admission(admission),
          peers(std::move(peers)),
          metrics(registry, this->spec.name) {}
    const MethodSpec spec;
    const Admission admission;
    const std::vector<std::string> peers;
    MethodMetrics metrics;
  };

  // One call that is on its way through.
  struct Admitted {
    std::shared_ptr<CallContext> call = std::make_shared<CallContext>();
    std::optional<Caller> caller;  // nothing where no token is asked for
    absl::Time started;
  };

  // Fills `admitted` as far as it gets, also on failure: the answer needs the request ID.
  absl::Status Admit(const Method& method, const grpc::ServerContext& context,
                     const google::protobuf::Message& request, const ::common::AccessInfo& access,
                     const std::string& request_id, Admitted* admitted) const;
  absl::Status AdmitToken(const Method& method, const ::common::AccessInfo& access,
                          Admitted* admitted) const;
  static absl::Status AdmitPeer(const Method& method, const grpc::ServerContext& context);
  static absl::Status ReadIdempotencyKey(const Method& method, const grpc::ServerContext& context,
                                         const google::protobuf::Message& request,
                                         CallContext* call);

  // Runs `job` in the method's lane; calls it with a failure when the lane is full.
  void Dispatch(Lane lane, absl::Time deadline, WorkQueue::Job job);

  // Runs `body`, turning what it throws into kInternal.
  template <class Run>
  static absl::Status Guarded(Run run) {
    try {
      return run();
    } catch (const std::exception& exception) {
      return absl::InternalError(exception.what());
    }
  }

  template <class Request, class Reply>
  static void Answer(UnaryCall<Request, Reply>& call, Method& method, const Admitted& admitted,
                     const absl::Status& status) {
    const Outcome outcome = OutcomeOf(status);
    if (outcome.decided) {
      ::common::ReplyInfo* info = ReplyInfoOf(call.reply());
      info->set_requestid(admitted.call->request_id);
      info->set_statuscode(outcome.reply_code);
      if (!outcome.reply_text.empty()) info->set_statusmessage(outcome.reply_text);
    }
    Report(*admitted.call, outcome, admitted.started, method.metrics);
    call.Finish(outcome.grpc_status);
  }

  template <class Request, class Reply, class Async, class Mixin, class Body>
  void Bind(Service& owner, Async& service, Admission admission, std::vector<std::string> peers,
            MethodSpec spec, RequestMethod<Mixin, Request, Reply> request_method, Body body);

  token::TokenVerifier& verifier_;
  Lanes& lanes_;
  prometheus::Registry& registry_;
  const Clock& clock_;
  const GateOptions options_;
};

template <class Request, class Reply, class Async, class Mixin, class Body>
void Gate::Bind(Service& owner, Async& service, Admission admission, std::vector<std::string> peers,
                MethodSpec spec, RequestMethod<Mixin, Request, Reply> request_method, Body body) {
  auto method = std::make_shared<Method>(std::move(spec), admission, std::move(peers), registry_);
  auto unary = std::make_shared<UnaryMethod<Request, Reply>>();
  unary->watch_for_cancellation = method->spec.lane == Lane::kSlow;
  unary->wait_for_next = [&service, request_method](auto* context, auto* request, auto* writer,
                                                    auto* queue, void* tag) {
    (static_cast<Mixin&>(service).*request_method)(context, request, writer, queue, queue, tag);
  };
  unary->handle = [this, method, body](UnaryCall<Request, Reply>& call) {
    auto admitted = std::make_shared<Admitted>();
    admitted->call->cancelled = call.cancelled();
    const absl::Status status =
        Admit(*method, call.context(), call.request(), AccessInfoOf(call.request()),
              RequestIdOf(call.request()), admitted.get());
    if (!status.ok()) {
      Answer(call, *method, *admitted, status);
      return;
    }
    auto run = [&call, method, body, admitted](absl::Status in_time) {
      absl::Status outcome =
          in_time.ok() ? Guarded([&] { return body(*admitted, call.request(), call.reply()); })
                       : in_time;
      Answer(call, *method, *admitted, outcome);
    };
    if (method->spec.lane == Lane::kInline) {
      run(absl::OkStatus());
    } else {
      Dispatch(method->spec.lane, admitted->call->deadline, std::move(run));
    }
  };
  owner.AddStarter(
      [unary](ServerQueue& queue) { UnaryCall<Request, Reply>::WaitForNext(*unary, queue); });
}

}  // namespace usher::rpc
