// usher.engine.v1.EngineService: wire to domain and back.
#pragma once

#include <usher/engine/v1/engine.pb.h>

#include "common/rpc/call/service.h"
#include "common/rpc/call/stream.h"
#include "common/rpc/gate/gate.h"
#include "services/room/engine/engine_options.h"
#include "services/room/engine/engines.h"

namespace usher::room {

class EngineRpc final : public rpc::Service {
 public:
  EngineRpc(rpc::Gate& gate, Engines& engines, EngineOptions options);

 private:
  absl::Status Report(const Caller& caller, const ::usher::engine::v1::ReportRequest& request,
                      ::usher::engine::v1::ReportReply& reply);
  absl::Status WatchCommands(const Caller& caller,
                             const ::usher::engine::v1::WatchCommandsRequest& request,
                             rpc::Stream< ::usher::engine::v1::Command> stream);
  absl::Status Acknowledge(const Caller& caller,
                           const ::usher::engine::v1::AcknowledgeRequest& request,
                           ::usher::engine::v1::AcknowledgeReply& reply);
  absl::Status FindRights(const Caller& caller,
                          const ::usher::engine::v1::FindRightsRequest& request,
                          ::usher::engine::v1::FindRightsReply& reply);

  Engines& engines_;
  const EngineOptions options_;
};

}  // namespace usher::room
