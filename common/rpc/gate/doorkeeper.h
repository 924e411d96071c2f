// Who comes with a call, and whether they may.
#pragma once

#include <common/accessInfo.pb.h>

#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/rpc/call/incoming.h"
#include "common/rpc/gate/method.h"
#include "common/rpc/source.h"
#include "common/token/token_verifier.h"

namespace usher::rpc {

struct GateOptions {
  CompanyId operator_company;
  // For clients that set no deadline, or a longer one.
  absl::Duration longest_call = absl::Seconds(10);
  TrustedProxies trusted_proxies;
  // Of decoded requests that wait or are worked on; bytes.
  size_t most_request_bytes = 256 * 1024 * 1024;
  size_t most_request_bytes_of_one = 64 * 1024 * 1024;
  // Of large requests as they came, which wait to be decoded; bytes.
  size_t most_intake_bytes = 128 * 1024 * 1024;
  size_t most_intake_bytes_of_one = 32 * 1024 * 1024;
  // Of answers that were not read yet; bytes.
  size_t most_reply_bytes = 256 * 1024 * 1024;
  size_t most_reply_bytes_of_one = 64 * 1024 * 1024;
  size_t most_streams = 20000;
  size_t most_streams_of_one = 200;
  // Of what waits on streams whose clients read slowly; bytes.
  size_t most_stream_bytes = 512 * 1024 * 1024;
  size_t most_stream_bytes_of_one = 32 * 1024 * 1024;
};

// The checks that all rpcs share, each by itself; the gate says in which order. Thread-safe.
class Doorkeeper {
 public:
  Doorkeeper(token::TokenVerifier& verifier, GateOptions options)
      : verifier_(verifier), options_(std::move(options)) {}

  // From the transport alone: address, trace, deadline. Cannot fail.
  void ReadTransport(const Method& method, const Incoming& incoming, absl::Time now,
                     CallContext* call) const;
  // Under which ID the call is logged: the client's, or one that is made up.
  // REQUEST_ID_INVALID.
  static absl::Status ReadRequestId(const std::string& wanted, CallContext* call);
  // Whether the certificate is that of a service that may make this internal call; what it says of
  // its own client then counts. kUnimplemented where the port asks for no certificates;
  // INSUFFICIENT_PERMISSIONS.
  static absl::Status CheckPeer(const Method& method, const Incoming& incoming, CallContext* call);
  // For methods that clients call, which another service may do for one: what it says of its client
  // counts then as well.
  static void ReadServicesWord(const Incoming& incoming, CallContext* call);

  // The token, and whose call it is by it; a good one is taken out of `access`, where there may be
  // none. Errors as in TokenVerifier; ACCESS_INFO_MISSING; INSUFFICIENT_PERMISSIONS for guests
  // where the method takes none. CheckKnownToken answers nothing where a signature would have to be
  // checked: not for the polling thread.
  absl::Status CheckToken(const Method& method, ::common::AccessInfo* access,
                          Admitted* admitted) const;
  std::optional<absl::Status> CheckKnownToken(const Method& method, ::common::AccessInfo* access,
                                              Admitted* admitted) const;
  // Judges the token of a call that goes on for long once more.
  absl::Status CheckAgain(const Admitted& admitted) const;

  // The header of a creating call. PROTOCOL_ERROR.
  static absl::Status ReadIdempotencyKey(const Incoming& incoming, CallContext* call);

  const GateOptions& options() const { return options_; }

 private:
  absl::Status Identify(const Method& method, std::shared_ptr<const token::AccessToken> token,
                        ::common::AccessInfo* access, Admitted* admitted) const;

  token::TokenVerifier& verifier_;
  const GateOptions options_;
};

}  // namespace usher::rpc
