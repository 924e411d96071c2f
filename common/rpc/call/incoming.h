// One call as a transport hands it to the gate.
#pragma once

#include <common/accessInfo.pb.h>
#include <google/protobuf/message.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/rpc/outcome.h"

namespace usher::rpc {

// gRPC's calls and streams are the first users; whoever brings calls another way writes another
// one, and the gate judges them alike. Not thread-safe: the gate has one thread at a time look at
// it. It lives until it was answered.
class Incoming {
 public:
  virtual ~Incoming() = default;

  // Where the connection comes from, in gRPC's form: "ipv4:127.0.0.1:40000".
  virtual std::string Peer() const = 0;
  // Until when the client waits; InfiniteFuture if it did not say.
  virtual absl::Time Deadline() const = 0;
  // The first value of a header, by its name in lower case. A view into the call.
  virtual std::optional<absl::string_view> Header(absl::string_view name) const = 0;
  // All values of it in their order, joined by commas.
  virtual std::string Headers(absl::string_view name) const = 0;
  // The names that a verified certificate of the client proves; none where nobody asked for one.
  virtual std::vector<std::string> CertificateNames() const = 0;

  // Bytes of the request as it came.
  virtual size_t RequestSize() const = 0;
  // Reads nothing but the access info that stands in field `number` of the request, and leaves the
  // request to be read. False when the bytes are no message. Costs a walk over the bytes.
  virtual bool ReadAccessInfo(int number, ::common::AccessInfo* access) = 0;
  // Once. False when the bytes are no such message.
  virtual bool ReadRequest(google::protobuf::Message* request) = 0;

  // Set when the client went away; null when nobody watches.
  virtual std::shared_ptr<const std::atomic<bool>> Cancelled() const { return nullptr; }

  // Before Answer: tells another service, which could not know from a failure, that nothing was
  // changed (nothing_changed.h).
  virtual void SayThatNothingChanged() {}
  // Before Answer: the ID that the call is logged under, for whoever has a place for it beside the
  // reply.
  virtual void TellRequestId(absl::string_view /*request_id*/) {}
  // Before Answer, which then gets this reply or an outcome that is not decided: how many bytes the
  // answer holds until it has left. `size`: of the reply as protobuf. May make the answer's bytes.
  virtual size_t HeldBy(const google::protobuf::Message& /*reply*/, size_t size) { return size; }
  // Ends the call, once, from any thread; it must not be touched afterwards. `reply` goes out
  // when the outcome is decided. A client that has not read it at `until` is cut off. What `kept`
  // holds is let go when the answer has left.
  virtual void Answer(const Outcome& outcome, const google::protobuf::Message& reply,
                      absl::Time until, std::shared_ptr<void> kept) = 0;
  // Instead of Answer, where a body goes on sending by a sink of the call.
  virtual void LetGo() {}
};

}  // namespace usher::rpc
