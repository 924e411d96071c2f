#include "common/rpc/gate.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/request_hash.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"

namespace usher::rpc {
namespace {

constexpr size_t kLongestRequestId = 128;
constexpr size_t kLongestIdempotencyKey = 128;
constexpr size_t kLongestTraceparent = 128;

bool IsVisibleAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isgraph(static_cast<unsigned char>(c)); });
}

std::string Header(const grpc::ServerContext& context, const char* name, size_t longest) {
  const auto found = context.client_metadata().find(name);
  if (found == context.client_metadata().end() || found->second.size() > longest) return "";
  const absl::string_view value(found->second.data(), found->second.size());
  return IsVisibleAscii(value) ? std::string(value) : "";
}

// "ipv4:127.0.0.1:40000" to "127.0.0.1": the port says nothing about who it is.
std::string PeerAddress(const grpc::ServerContext& context) {
  const std::string peer = context.peer();
  const size_t scheme = peer.find(':');
  if (scheme == std::string::npos || absl::StartsWith(peer, "unix")) return "local";
  const size_t port = peer.rfind(':');
  return peer.substr(scheme + 1, port > scheme ? port - scheme - 1 : std::string::npos);
}

}  // namespace

Gate::Gate(token::TokenVerifier& verifier, Lanes& lanes, prometheus::Registry& registry,
           const Clock& clock, GateOptions options)
    : verifier_(verifier),
      lanes_(lanes),
      registry_(registry),
      clock_(clock),
      options_(std::move(options)) {}

absl::Status Gate::Admit(const Method& method, const grpc::ServerContext& context,
                         const google::protobuf::Message& request,
                         const ::common::AccessInfo& access, const std::string& request_id,
                         Admitted* admitted) const {
  CallContext& call = *admitted->call;
  admitted->started = clock_.Now();
  call.rpc = method.spec.name;
  call.peer = PeerAddress(context);
  call.traceparent = Header(context, "traceparent", kLongestTraceparent);
  call.deadline =
      std::min(absl::FromChrono(context.deadline()), admitted->started + options_.longest_call);
  if (request_id.empty()) {
    call.request_id = NewUuid();
  } else if (request_id.size() > kLongestRequestId ||
             std::any_of(request_id.begin(), request_id.end(),
                         [](unsigned char c) { return absl::ascii_iscntrl(c); })) {
    call.request_id = NewUuid();
    return ReplyError(::common::REQUEST_ID_INVALID,
                      absl::StrCat("requestId is longer than ", kLongestRequestId,
                                   " bytes or has a control character"));
  } else {
    call.request_id = request_id;
  }
  if (method.admission == Admission::kPeer || method.admission == Admission::kPeerAndToken) {
    RETURN_IF_ERROR(AdmitPeer(method, context));
  }
  if (method.spec.creates) RETURN_IF_ERROR(ReadIdempotencyKey(method, context, request, &call));
  if (method.admission == Admission::kToken || method.admission == Admission::kPeerAndToken) {
    RETURN_IF_ERROR(AdmitToken(method, access, admitted));
  }
  return absl::OkStatus();
}

absl::Status Gate::AdmitToken(const Method& method, const ::common::AccessInfo& access,
                              Admitted* admitted) const {
  if (access.accesstoken().empty()) return AccessInfoMissing();
  ASSIGN_OR_RETURN(std::shared_ptr<const token::AccessToken> token,
                   verifier_.Verify(access.accesstoken()));
  if (method.spec.accepts.count(token->type) == 0) return TokenRefused();
  admitted->call->company = token->company;
  admitted->call->user = token->user;
  admitted->call->access_token = access.accesstoken();
  const bool in_operator_company =
      !options_.operator_company.empty() && token->company == options_.operator_company;
  admitted->caller.emplace(admitted->call, std::move(token), in_operator_company);
  return absl::OkStatus();
}

absl::Status Gate::AdmitPeer(const Method& method, const grpc::ServerContext& context) {
  const auto auth = context.auth_context();
  // The public ports ask nobody for a certificate: there the method is none.
  if (!auth->IsPeerAuthenticated()) return absl::UnimplementedError("there is no such method here");
  for (const auto& name : auth->FindPropertyValues("x509_common_name")) {
    const absl::string_view service(name.data(), name.size());
    for (const std::string& allowed : method.peers) {
      if (service == absl::StrCat("usher-", allowed)) return absl::OkStatus();
    }
  }
  return PermissionMissing("a service that is allowed to make this internal call");
}

absl::Status Gate::ReadIdempotencyKey(const Method& method, const grpc::ServerContext& context,
                                      const google::protobuf::Message& request, CallContext* call) {
  const auto found = context.client_metadata().find("idempotency-key");
  if (found == context.client_metadata().end()) return absl::OkStatus();
  const absl::string_view key(found->second.data(), found->second.size());
  if (key.empty() || key.size() > kLongestIdempotencyKey || !IsVisibleAscii(key)) {
    return FieldMalformed("the header idempotency-key",
                          "must be 1 to 128 visible ASCII characters");
  }
  call->idempotency = {std::string(key), RequestHash(method.spec.name, request)};
  return absl::OkStatus();
}

void Gate::Dispatch(Lane lane, absl::Time deadline, WorkQueue::Job job) {
  WorkQueue& queue = lanes_.Of(lane);
  // The copy: a refused job still has to answer.
  if (!queue.TryAdd(deadline, job)) job(Overloaded(absl::StrCat("the ", queue.name(), " queue")));
}

}  // namespace usher::rpc
