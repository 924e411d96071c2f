#include "common/rpc/call/service.h"

#include <utility>

namespace usher::rpc {

RawService& Service::Expose(const std::string& name) {
  services_.push_back(std::make_unique<RawService>(name));
  exposed_.push_back(services_.back().get());
  names_.push_back(name);
  return *services_.back();
}

void Service::AddUnary(RawService& service, const std::string& method,
                       std::function<void(RawCall&)> handle, bool watch_for_cancellation) {
  methods_.push_back(
      {&service, service.AddUnary(method), std::move(handle), watch_for_cancellation});
}

void Service::AddStream(RawService& service, const std::string& method,
                        std::function<void(StreamCall&)> handle) {
  streams_.push_back({&service, service.AddServerStream(method), std::move(handle)});
}

void Service::Start(ServerQueue& queue) const {
  for (const RawMethod& method : methods_) {
    for (int i = 0; i < RawCall::kWaiting; ++i) RawCall::WaitForNext(method, queue);
  }
  for (const StreamMethod& method : streams_) StreamCall::WaitForNext(method, queue);
}

}  // namespace usher::rpc
