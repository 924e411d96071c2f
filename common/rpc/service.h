// Something that a server can serve: generated services, and the first requests to wait for.
#pragma once

#include <grpcpp/server_builder.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/rpc/server_queue.h"
#include "common/rpc/tag.h"

namespace usher::rpc {

// Base of RoomRpc and its like. Built before the server, outlives it.
class Service {
 public:
  virtual ~Service() = default;

  // The generated services; they belong to the class that derives from this one.
  const std::vector<grpc::Service*>& exposed() const { return exposed_; }

  // Begins to wait for calls; the gate adds one starter for each method.
  void Start(ServerQueue& queue) const {
    for (const auto& starter : starters_) starter(queue);
  }

  // Ends the streams that run: the server is about to stop. From any thread.
  virtual void EndStreams() {}

  // `name` is the service's full name on the wire: "roomService.roomService".
  void Expose(grpc::Service& service, std::string name) {
    exposed_.push_back(&service);
    names_.push_back(std::move(name));
  }
  const std::vector<std::string>& names() const { return names_; }
  void AddStarter(std::function<void(ServerQueue&)> starter) {
    starters_.push_back(std::move(starter));
  }

 private:
  std::vector<grpc::Service*> exposed_;
  std::vector<std::string> names_;
  std::vector<std::function<void(ServerQueue&)>> starters_;
};

}  // namespace usher::rpc
