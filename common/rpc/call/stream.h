// The way to the client of a stream, as those who send on it see it.
#pragma once

#include <google/protobuf/message.h>

#include <memory>
#include <string>
#include <utility>

#include "common/rpc/lane/byte_budget.h"
#include "common/rpc/outcome.h"

namespace usher::rpc {

// What a transport gives for it. Thread-safe; may outlive the call and the server.
class StreamSink {
 public:
  virtual ~StreamSink() = default;
  // Once, before the first Send: whose budget what waits counts in, beyond a little. The budget
  // outlives the server.
  virtual void CountIn(ByteBudget& budget, const std::string& key) = 0;
  // Queues a message and returns at once. False when the stream is over; so it is when the client
  // reads so slowly that what waits for it, or for all streams of its caller, does not fit any
  // longer: what waits is forgotten, and the stream ends with RESOURCE_EXHAUSTED.
  virtual bool Send(const google::protobuf::Message& message) = 0;
  // Ends the stream once what waits was sent. A decided failure ends it with UNAUTHENTICATED when
  // it is about the token, else with FAILED_PRECONDITION. Later calls do nothing.
  virtual void Close(const Outcome& outcome) = 0;
  virtual bool closed() const = 0;
  // How many messages wait for the client, besides one that is on its way.
  virtual size_t waiting() const = 0;
  // How it ended, for log and metrics: the name of the outcome that it was closed with, "TOO_SLOW"
  // for a client that was cut off, "CLIENT_GONE". Empty while it goes on, and for one that was
  // refused at once.
  virtual std::string ended_as() const = 0;
};

// The same for messages of one type. Thread-safe; copies are the same stream.
template <class Reply>
class Stream {
 public:
  explicit Stream(std::shared_ptr<StreamSink> sink) : sink_(std::move(sink)) {}

  bool Send(const Reply& message) const { return sink_->Send(message); }
  void Close(const absl::Status& status) const { sink_->Close(OutcomeOf(status)); }
  bool closed() const { return sink_->closed(); }
  size_t waiting() const { return sink_->waiting(); }

 private:
  std::shared_ptr<StreamSink> sink_;
};

}  // namespace usher::rpc
