#include "common/rpc/peer/peer.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/peer/nothing_changed.h"
#include "common/status/reply_error.h"

namespace usher::rpc {
namespace {

// What is kept back of the deadline for answering our own caller.
constexpr absl::Duration kMargin = absl::Milliseconds(50);
constexpr absl::Duration kLongestPeerCall = absl::Seconds(10);
// A machine that is switched off answers no connection attempt at all.
constexpr absl::Duration kLongestConnect = absl::Seconds(3);
// One that was started anew is found at the next attempt, for which it is worth to wait.
constexpr int kLongestBackoffMs = 250;
constexpr absl::Duration kComesBackWithin = absl::Milliseconds(kLongestBackoffMs + 150);

// The servers allow a ping a minute (common/server/server.cc); the rest is for clocks.
constexpr int kKeepaliveMs = 65000;
constexpr int kKeepaliveTimeoutMs = 5000;  // also of bytes that nobody acknowledges

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& service, const std::string& address,
                                           const InternalTls& tls) {
  grpc::SslCredentialsOptions credentials;
  credentials.pem_root_certs = tls.ca;
  credentials.pem_cert_chain = tls.certificate;
  credentials.pem_private_key = tls.key;
  grpc::ChannelArguments arguments;
  // The name is what the certificate proves; where the service runs is configuration.
  arguments.SetSslTargetNameOverride(absl::StrCat("usher-", service));
  arguments.SetLoadBalancingPolicyName("round_robin");
  // A peer that comes back is to be found again soon, and one that has gone away to be noticed.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kLongestBackoffMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  return grpc::CreateCustomChannel(address, grpc::SslCredentials(credentials), arguments);
}

// gRPC refuses a call whose header has other bytes.
void AddHeader(const char* name, const std::string& value, grpc::ClientContext* context) {
  const auto fits = [](char c) { return absl::ascii_isprint(static_cast<unsigned char>(c)); };
  if (value.empty() || !std::all_of(value.begin(), value.end(), fits)) return;
  context->AddMetadata(name, value);
}

// As opposed to one of gRPC's that stands for "no answer came".
bool IsAnswer(const grpc::Status& status) {
  return status.error_code() != grpc::StatusCode::UNAVAILABLE &&
         status.error_code() != grpc::StatusCode::CANCELLED &&
         status.error_code() != grpc::StatusCode::DEADLINE_EXCEEDED;
}

}  // namespace

Peer::Peer(std::string service, std::string address, std::shared_ptr<TlsFiles> tls,
           BulkheadOptions bulkhead)
    : service_(std::move(service)),
      shown_name_(absl::StrCat("the ", service_, " service")),
      address_(std::move(address)),
      tls_(std::move(tls)),
      bulkhead_(shown_name_, bulkhead, clock_) {}

Peer::ChannelPtr Peer::Channel() {
  std::shared_ptr<const InternalTls> current = tls_->current();
  const absl::MutexLock lock(&mutex_);
  if (current != certificate_) {
    channel_ = MakeChannel(service_, address_, *current);
    certificate_ = std::move(current);
  }
  return channel_;
}

::common::AccessInfo Peer::OnBehalfOf(const CallContext& call) {
  ::common::AccessInfo access;
  access.set_requestid(call.request_id);
  access.set_accesstoken(call.access_token);
  return access;
}

absl::Status Peer::AwaitConnection(grpc::Channel& channel, absl::Time deadline,
                                   Bulkhead::Place* place) const {
  const absl::Time now = absl::Now();
  absl::Time until = std::min(deadline, now + kLongestConnect);
  bool was_away = false;
  while (true) {
    const grpc_connectivity_state state = channel.GetState(/*try_to_connect=*/true);
    if (state == GRPC_CHANNEL_READY) return absl::OkStatus();
    if (state == GRPC_CHANNEL_SHUTDOWN) break;
    if (state == GRPC_CHANNEL_TRANSIENT_FAILURE && !was_away) {
      was_away = true;
      until = std::min(until, now + kComesBackWithin);
    }
    if (!channel.WaitForStateChange(state, absl::ToChronoTime(until))) {
      if (!was_away) place->TimedOut();
      break;
    }
  }
  return Unreachable(shown_name_);
}

absl::Status Peer::Carry(Effect effect, const CallContext& call, Send send) {
  if (call.IsCancelled()) return absl::CancelledError("the client went away");
  const absl::Time deadline = std::min(call.deadline - kMargin, absl::Now() + kLongestPeerCall);
  if (absl::Now() >= deadline) return OutOfTime(absl::StrCat("before ", shown_name_, " was asked"));
  ASSIGN_OR_RETURN(Bulkhead::Place place, bulkhead_.Enter(deadline));
  const ChannelPtr channel = Channel();
  RETURN_IF_ERROR(AwaitConnection(*channel, deadline, &place));
  grpc::ClientContext context;
  Prepare(call, deadline, &context);
  const grpc::Status status = send(channel, &context);
  if (IsAnswer(status)) place.Answered();
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) place.TimedOut();
  // Its certificate has shown that it is one of us, and so may be believed.
  const bool changed_nothing =
      context.GetServerTrailingMetadata().count(kNothingChangedTrailer) > 0;
  return StatusOfGrpc(status, service_, changed_nothing ? Effect::kReads : effect);
}

void Peer::Prepare(const CallContext& call, absl::Time deadline, grpc::ClientContext* context) {
  context->set_deadline(absl::ToChronoTime(deadline));
  AddHeader("traceparent", call.traceparent, context);
  AddHeader(kClientAddressHeader, call.peer, context);
  AddHeader(kRequestIdHeader, call.request_id, context);
  // Counts for what creates; nobody else reads it.
  AddHeader("idempotency-key", call.idempotency.key, context);
}

}  // namespace usher::rpc
