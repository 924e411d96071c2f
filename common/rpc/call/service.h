// Something that a server can serve: services of the wire, and the first requests to wait for.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/rpc/call/raw_call.h"
#include "common/rpc/call/raw_service.h"
#include "common/rpc/call/server_queue.h"
#include "common/rpc/call/stream_call.h"

namespace usher::rpc {

// Base of RoomRpc and its like. Built before the server, outlives it.
class Service {
 public:
  Service() = default;
  virtual ~Service() = default;
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // The services of the wire that are in it, and their full names: "roomService.roomService".
  const std::vector<grpc::Service*>& exposed() const { return exposed_; }
  const std::vector<std::string>& names() const { return names_; }

  // Begins to wait for calls.
  void Start(ServerQueue& queue) const;

  // Ends the streams that are open: the server stops.
  virtual void EndStreams() {}

  // Before Start. Binding calls these, and who serves calls without the gate.
  RawService& Expose(const std::string& name);
  void AddUnary(RawService& service, const std::string& method,
                std::function<void(RawCall&)> handle, bool watch_for_cancellation = false);
  void AddStream(RawService& service, const std::string& method,
                 std::function<void(StreamCall&)> handle);

 private:
  std::vector<std::unique_ptr<RawService>> services_;
  std::vector<grpc::Service*> exposed_;
  std::vector<std::string> names_;
  std::deque<RawMethod> methods_;  // calls keep pointers to them
  std::deque<StreamMethod> streams_;
};

}  // namespace usher::rpc
