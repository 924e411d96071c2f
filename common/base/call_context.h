// What one call carries through all layers: who asks, until when, and under which ID it is logged.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "common/base/id.h"

namespace usher {

// The client's `idempotency-key` header on a creating call (docs/contract.md, "Retries").
struct IdempotencyKey {
  std::string key;           // empty: the client did not send one
  std::string request_hash;  // 64 hex digits over rpc and request without its access info
};

// First parameter of every store method. Plain data; copied where it must outlive the call.
struct CallContext {
  std::string rpc;          // "room.create"
  std::string request_id;   // as the client sent it, or made up
  std::string traceparent;  // W3C trace context; empty when the client sent none
  std::string peer;         // address of the client, without its port, as people write it
  std::string source;       // what it counts for: an address, the /64 of IPv6, or another service
  // What the client says that it is (the header `user-agent`): printable, 256 bytes at most, and to
  // be believed by nobody. Empty where it does not say.
  std::string user_agent;
  absl::Time deadline = absl::InfiniteFuture();
  IdempotencyKey idempotency;

  // Whose call it is; empty in open calls. For audit rows and for keeping idempotency keys apart.
  CompanyId company;
  UserId user;

  // The caller's token as it came, for asking another service on the caller's behalf. Never logged.
  std::string access_token;

  // Set when the client went away; null when nobody watches.
  std::shared_ptr<const std::atomic<bool>> cancelled;
  bool IsCancelled() const { return cancelled != nullptr && cancelled->load(); }
};

}  // namespace usher
