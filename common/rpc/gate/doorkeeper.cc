#include "common/rpc/gate/doorkeeper.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/access/require.h"
#include "common/base/printable.h"
#include "common/rpc/gate/request_id.h"
#include "common/rpc/gate/trace_context.h"
#include "common/rpc/peer/peer.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"

namespace usher::rpc {
namespace {

constexpr size_t kLongestRequestId = 128;
constexpr size_t kLongestIdempotencyKey = 128;
constexpr size_t kLongestAddress = 64;
constexpr size_t kLongestUserAgent = 256;

bool IsVisibleAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isgraph(static_cast<unsigned char>(c)); });
}

// The value of a header of ours that has no other bytes than these; else "".
std::string VisibleHeader(const Incoming& incoming, absl::string_view name, size_t longest) {
  const auto value = incoming.Header(name);
  const bool usable = value.has_value() && value->size() <= longest && IsVisibleAscii(*value);
  return usable ? std::string(*value) : "";
}

void TakeServicesWord(const Incoming& incoming, CallContext* call) {
  const std::string client = VisibleHeader(incoming, kClientAddressHeader, kLongestAddress);
  if (!client.empty()) call->peer = client;
  call->source = kInternalSource;  // no address: they share the queues as one
}

// What a peer is called: connections carry many calls, and to parse and write an address costs a
// tenth of a small one.
struct Known {
  std::string peer;
  std::string text;
  std::string key;
};

const Known& KnownPeer(std::string peer) {
  constexpr size_t kRemembered = 256;
  thread_local std::vector<Known> all(kRemembered);
  Known& known = all[absl::Hash<std::string>()(peer) % kRemembered];
  if (known.peer != peer || known.key.empty()) {
    const Source source = Source::Of(peer, "", TrustedProxies());
    known = {std::move(peer), source.text(), source.key()};
  }
  return known;
}

}  // namespace

void Doorkeeper::ReadTransport(const Method& method, const Incoming& incoming, absl::Time now,
                               CallContext* call) const {
  call->rpc = method.spec.name;
  if (options_.trusted_proxies.empty()) {
    const Known& known = KnownPeer(incoming.Peer());
    call->peer = known.text;
    call->source = known.key;
  } else {
    const Source source =
        Source::Of(incoming.Peer(), incoming.Headers("x-forwarded-for"), options_.trusted_proxies);
    call->peer = source.text();
    call->source = source.key();
  }
  call->user_agent = PrintableOf(incoming.Header("user-agent").value_or(""), kLongestUserAgent);
  call->deadline = std::min(incoming.Deadline(), now + options_.longest_call);
  call->cancelled = incoming.Cancelled();
  call->traceparent = Traceparent(incoming.Headers("traceparent"));
}

absl::Status Doorkeeper::ReadRequestId(const std::string& wanted, CallContext* call) {
  if (wanted.empty()) {
    // Another service says it in a header.
    if (call->request_id.empty()) call->request_id = NewUuid();
    return absl::OkStatus();
  }
  if (wanted.size() > kLongestRequestId || !IsPrintableRequestId(wanted)) {
    call->request_id = NewUuid();
    return ReplyError(::common::REQUEST_ID_INVALID,
                      absl::StrCat("requestId is longer than ", kLongestRequestId,
                                   " bytes or has a character that cannot be printed"));
  }
  call->request_id = wanted;
  return absl::OkStatus();
}

absl::Status Doorkeeper::CheckPeer(const Method& method, const Incoming& incoming,
                                   CallContext* call) {
  const std::vector<std::string> names = incoming.CertificateNames();
  // The public ports ask nobody for a certificate: there the method is none.
  if (names.empty()) return absl::UnimplementedError("there is no such method here");
  for (const std::string& name : names) {
    for (const std::string& allowed : method.peers) {
      if (name != absl::StrCat("usher-", allowed)) continue;
      TakeServicesWord(incoming, call);
      const std::string request = VisibleHeader(incoming, kRequestIdHeader, kLongestRequestId);
      if (IsPrintableRequestId(request)) call->request_id = request;
      return absl::OkStatus();
    }
  }
  return PermissionMissing("a service that is allowed to make this internal call");
}

void Doorkeeper::ReadServicesWord(const Incoming& incoming, CallContext* call) {
  // Whoever has no such header has nothing to say: certificates cost something to look at.
  if (!incoming.Header(kClientAddressHeader).has_value()) return;
  const std::vector<std::string> names = incoming.CertificateNames();
  const auto is_service = [](const std::string& name) { return absl::StartsWith(name, "usher-"); };
  if (std::any_of(names.begin(), names.end(), is_service)) TakeServicesWord(incoming, call);
}

absl::Status Doorkeeper::CheckToken(const Method& method, ::common::AccessInfo* access,
                                    Admitted* admitted) const {
  if (access == nullptr || access->accesstoken().empty()) return AccessInfoMissing();
  ASSIGN_OR_RETURN(std::shared_ptr<const token::AccessToken> token,
                   verifier_.Verify(access->accesstoken()));
  return Identify(method, std::move(token), access, admitted);
}

std::optional<absl::Status> Doorkeeper::CheckKnownToken(const Method& method,
                                                        ::common::AccessInfo* access,
                                                        Admitted* admitted) const {
  if (access == nullptr || access->accesstoken().empty()) return AccessInfoMissing();
  auto known = verifier_.VerifyKnown(access->accesstoken());
  if (!known.has_value()) return std::nullopt;
  if (!known->ok()) return known->status();
  return Identify(method, **std::move(known), access, admitted);
}

absl::Status Doorkeeper::Identify(const Method& method,
                                  std::shared_ptr<const token::AccessToken> token,
                                  ::common::AccessInfo* access, Admitted* admitted) const {
  if (method.spec.accepts.count(token->type) == 0) return TokenRefused();
  if (!method.spec.reads) RETURN_IF_ERROR(verifier_.RequireFreshFeed());
  admitted->call->company = token->company;
  admitted->call->user = token->user;
  admitted->call->access_token = std::move(*access->mutable_accesstoken());
  const bool in_operator_company =
      !options_.operator_company.empty() && token->company == options_.operator_company;
  admitted->caller.emplace(admitted->call, std::move(token), in_operator_company);
  return method.spec.guests ? absl::OkStatus() : RequireNoGuest(*admitted->caller);
}

absl::Status Doorkeeper::CheckAgain(const Admitted& admitted) const {
  if (!admitted.caller.has_value()) return absl::OkStatus();
  return verifier_.Judge(admitted.call->access_token, admitted.caller->token());
}

absl::Status Doorkeeper::ReadIdempotencyKey(const Incoming& incoming, CallContext* call) {
  const auto key = incoming.Header("idempotency-key");
  if (!key.has_value()) return absl::OkStatus();
  if (key->empty() || key->size() > kLongestIdempotencyKey || !IsVisibleAscii(*key)) {
    return FieldMalformed("the header idempotency-key",
                          "must be 1 to 128 visible ASCII characters");
  }
  call->idempotency.key = std::string(*key);
  return absl::OkStatus();
}

}  // namespace usher::rpc
