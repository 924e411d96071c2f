// The pipeline of every rpc: token, request ID, deadline, idempotency key, lane, log, metrics, and
// failures turned into answers. Knows no transport. docs/request.md follows one request through it.
#pragma once

#include <prometheus/registry.h>

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/base/clock.h"
#include "common/rpc/call/incoming.h"
#include "common/rpc/gate/doorkeeper.h"
#include "common/rpc/gate/late_answers.h"
#include "common/rpc/gate/method.h"
#include "common/rpc/gate/open_streams.h"
#include "common/rpc/lane/byte_budget.h"
#include "common/rpc/lane/lane.h"
#include "common/token/token_verifier.h"

namespace usher::rpc {

struct Passage;

// Thread-safe once the services are built. Bodies run concurrently.
class Gate {
 public:
  Gate(token::TokenVerifier& verifier, Lanes& lanes, prometheus::Registry& registry,
       const Clock& clock, GateOptions options);

  // Makes a method, for Binding (binding.h) to give it types and a body.
  Method& Add(const google::protobuf::MethodDescriptor& descriptor, MethodSpec spec,
              Admission admission, std::vector<std::string> peers);
  // All there are, in the order in which they were added.
  const std::deque<Method>& methods() const { return methods_; }
  std::deque<Method>& methods() { return methods_; }

  // Takes a call through: whether it may, its body in its lane, its answer. Returns at once: what
  // takes long (large requests, tokens that were not seen before) goes on in Lane::kIntake.
  void Handle(Method& method, Incoming& incoming);
  // The same where the body goes on sending on `sink`. What it answers other than OK ends the
  // stream.
  void HandleStream(Method& method, Incoming& incoming, std::shared_ptr<StreamSink> sink);

  // Ends the streams whose tokens are no longer good. To be called every second or so.
  void JudgeStreams();
  // Ends all streams: the server stops.
  void EndStreams() { streams_.EndAll(); }

  const OpenStreams& streams() const { return streams_; }
  const ByteBudget& request_bytes() const { return request_bytes_; }
  const ByteBudget& reply_bytes() const { return reply_bytes_; }
  const ByteBudget& intake_bytes() const { return intake_bytes_; }
  const ByteBudget& stream_bytes() const { return stream_bytes_; }

  // Requests up to this are parsed by the polling thread, in bytes; beyond it, a worker does it.
  static constexpr size_t kLargestRequestOfPoller = 16 * 1024;
  // How long strangers wait to hear that too many wait to be hashed, at most: as long as the last
  // of those whom there was room for. Who is refused and comes again at once would else take more
  // of the cores than a hash.
  static constexpr absl::Duration kLongestRefusal = absl::Seconds(1);

 private:
  using PassagePtr = std::shared_ptr<Passage>;

  void Enter(const PassagePtr& passage);
  // What follows, each up to its end or to the next queue.
  void TakeIn(const PassagePtr& passage);
  void Admit(const PassagePtr& passage, bool on_polling_thread);
  void DispatchIf(const absl::Status& admitted, const PassagePtr& passage);
  void Dispatch(const PassagePtr& passage);
  // In the lane of slow hashes.
  void QueueForHash(const PassagePtr& passage, Standing standing);
  void Run(const PassagePtr& passage, const absl::Status& in_time);
  void Answer(Passage& passage, const absl::Status& status);

  absl::Status ReadRequest(Passage& passage);
  // What it holds once it is decoded, for whoever the caller is by then.
  absl::Status CountRequest(Passage& passage, Standing standing);
  absl::Status CheckBeforeReading(Passage& passage, bool* token_checked);
  absl::Status RunBody(const PassagePtr& passage);
  absl::Status AddStream(const PassagePtr& passage);

  Doorkeeper doorkeeper_;
  Lanes& lanes_;
  prometheus::Registry& registry_;
  const Clock& clock_;
  std::deque<Method> methods_;
  ByteBudget intake_bytes_;
  ByteBudget request_bytes_;
  ByteBudget reply_bytes_;
  ByteBudget stream_bytes_;
  StreamMetrics stream_metrics_;
  OpenStreams streams_;
  LateAnswers late_answers_;
};

}  // namespace usher::rpc
