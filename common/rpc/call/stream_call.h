// One server stream on a completion queue: a request in, any number of messages out.
#pragma once

#include <grpcpp/support/async_stream.h>

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/call/grpc_incoming.h"
#include "common/rpc/call/raw_service.h"
#include "common/rpc/call/server_queue.h"
#include "common/rpc/call/stream.h"

namespace usher::rpc {

class StreamCall;

// What the streams of one method share; lives as long as the service.
struct StreamMethod {
  RawService* service = nullptr;
  int method = 0;  // as RawService::AddServerStream numbered it
  // Called by a polling thread, which must not be kept. Ends in LetGo, when the stream goes on by
  // its sink() until that is closed, or in Answer; until then the call stays.
  std::function<void(StreamCall&)> handle;
};

// At any time it owes the queue at most one operation (a write or the finish), and the event that
// says that the call is over. It deletes itself when neither is to come any more. All of it is
// under one lock, which the sink shares, so that any number of polling threads may bring the
// events.
class StreamCall final : public Tag, public GrpcIncoming, private PendingAnswer, private Unsent {
 public:
  static void WaitForNext(const StreamMethod& method, ServerQueue& queue);
  ~StreamCall() override;

  std::shared_ptr<StreamSink> sink() const;

  // Ends the stream with `reply` as its only message when the outcome is decided, and with the
  // outcome's status.
  void Answer(const Outcome& outcome, const google::protobuf::Message& reply, absl::Time until,
              std::shared_ptr<void> kept) override;
  void LetGo() override;

  // What may wait for a client that reads slowly.
  static constexpr size_t kMostWaiting = 1000;              // messages
  static constexpr size_t kMostBytesWaiting = 1024 * 1024;  // bytes
  // Of those that everybody may have; the others are counted, in pieces of this size, among what
  // all streams of the caller and of the process hold.
  static constexpr size_t kUncountedBytes = 16 * 1024;
  static constexpr absl::Duration kLongestFarewell = absl::Seconds(5);  // after Close

  // For tests: called between two steps of a stream, so that events of several polling threads can
  // be made to overlap.
  static void SetPause(void (*pause)());

 private:
  class Sink;
  class DoneTag final : public Tag {
   public:
    explicit DoneTag(StreamCall& call) : call_(call) {}
    void Proceed(bool) override { call_.Gone(); }

   private:
    StreamCall& call_;
  };

  StreamCall(const StreamMethod& method, ServerQueue& queue);

  void Proceed(bool ok) override;  // the request came, or the operation is over
  void Send() override;            // on a polling thread: begins the next operation
  void GiveUp() override { context_.TryCancel(); }
  void Gone();  // the call is over

  // Runs `step` under the lock, and deletes the call when nothing is to come any more.
  template <class Step>
  void Do(Step step);

  // Under the lock of the sink.
  bool Enqueue(const google::protobuf::Message& message);
  // Whether there is room for `bytes` to wait; counts them.
  bool Count(size_t bytes);
  void Forget();  // what waits
  void CloseWith(const grpc::Status& status);
  void NoteEnd(const char* as);
  void Wake();
  void BeginNext();
  bool Over() const { return gone_ && !operation_ && !held_; }

  const StreamMethod& method_;
  ServerQueue& queue_;
  const std::shared_ptr<Sink> sink_;
  grpc::ServerAsyncWriter<grpc::ByteBuffer> writer_;
  DoneTag done_tag_;
  std::list<grpc::ByteBuffer> waiting_;  // not a deque: an empty one takes 600 bytes
  size_t bytes_waiting_ = 0;
  ByteBudget* budget_ = nullptr;
  std::string budget_key_;
  std::vector<std::unique_ptr<ByteBudget::Share>> counted_;  // kUncountedBytes each
  std::optional<grpc::Status> closing_;
  std::optional<ServerQueue::Place> farewell_;
  bool arrived_ = false;
  // Whoever handles it has not let go of it yet. From the beginning: another polling thread may
  // bring the end of a call while one is about to hand it over.
  bool held_ = true;
  bool operation_ = false;  // one is on its way, or asked for by SendSoon
  bool finishing_ = false;  // it is the finish, the last one
  bool broken_ = false;     // a write failed: the client is gone
  bool gone_ = false;
};

}  // namespace usher::rpc
