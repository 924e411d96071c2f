#include "common/rpc/peer.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace usher::rpc {
namespace {

// What is kept back of the deadline for answering our own caller.
constexpr absl::Duration kMargin = absl::Milliseconds(50);
constexpr absl::Duration kLongestPeerCall = absl::Seconds(10);

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& service, const std::string& address,
                                           const InternalTls& tls) {
  grpc::SslCredentialsOptions credentials;
  credentials.pem_root_certs = tls.ca;
  credentials.pem_cert_chain = tls.certificate;
  credentials.pem_private_key = tls.key;
  grpc::ChannelArguments arguments;
  // The name is what the certificate proves; where the service runs is configuration.
  arguments.SetSslTargetNameOverride(absl::StrCat("usher-", service));
  // A peer that comes back is to be found again soon.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  return grpc::CreateCustomChannel(address, grpc::SslCredentials(credentials), arguments);
}

}  // namespace

Peer::Peer(std::string service, std::string address, std::shared_ptr<TlsFiles> tls)
    : service_(std::move(service)), address_(std::move(address)), tls_(std::move(tls)) {}

std::shared_ptr<grpc::Channel> Peer::Channel() {
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

void Peer::Prepare(const CallContext& call, grpc::ClientContext* context) {
  const absl::Time deadline = std::min(call.deadline - kMargin, absl::Now() + kLongestPeerCall);
  context->set_deadline(absl::ToChronoTime(deadline));
  if (!call.traceparent.empty()) context->AddMetadata("traceparent", call.traceparent);
}

}  // namespace usher::rpc
