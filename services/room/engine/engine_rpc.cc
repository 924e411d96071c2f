#include "services/room/engine/engine_rpc.h"

#include <memory>
#include <utility>
#include <vector>

#include "common/rpc/gate/binding.h"
#include "common/status/try.h"
#include "services/room/engine/engine_wire.h"

namespace usher::room {
namespace {

using rpc::Lane;
namespace engine_wire = ::usher::engine::v1;

class StreamedCommands final : public CommandSink {
 public:
  StreamedCommands(rpc::Stream<engine_wire::Command> stream, const EngineOptions& options)
      : stream_(std::move(stream)), options_(options) {}

  void Open() override { stream_.Send(WelcomeOf(options_)); }
  bool Send(const Command& command) override { return stream_.Send(ToWire(command)); }
  void Close(const absl::Status& status) override { stream_.Close(status); }
  bool closed() const override { return stream_.closed(); }

 private:
  const rpc::Stream<engine_wire::Command> stream_;
  const EngineOptions options_;
};

}  // namespace

EngineRpc::EngineRpc(rpc::Gate& gate, Engines& engines, EngineOptions options)
    : engines_(engines), options_(options) {
  // The full set of thousands of users.
  constexpr size_t kReport = 4 * 1024 * 1024;
  rpc::Binding bind(gate, *this, "usher.engine.v1.EngineService");
  bind.Serve("report", {.name = "engine.report", .largest_request = kReport}, &EngineRpc::Report);
  bind.ServeStream("watchCommands",
                   {.name = "engine.watchCommands", .lane = Lane::kInline, .reads = true},
                   &EngineRpc::WatchCommands);
  bind.Serve("acknowledge", {.name = "engine.acknowledge", .lane = Lane::kStatement},
             &EngineRpc::Acknowledge);
  bind.Serve(
      "findRights",
      {.name = "engine.findRights", .lane = Lane::kList, .reads = true, .largest_request = kReport},
      &EngineRpc::FindRights);
}

absl::Status EngineRpc::Report(const Caller& caller, const engine_wire::ReportRequest& request,
                               engine_wire::ReportReply& reply) {
  ASSIGN_OR_RETURN(const room::Report report, FromWire(request));
  ASSIGN_OR_RETURN(const ReportOutcome outcome, engines_.Report(caller, report));
  ToWire(outcome, &reply);
  return absl::OkStatus();
}

absl::Status EngineRpc::WatchCommands(const Caller& caller,
                                      const engine_wire::WatchCommandsRequest& request,
                                      rpc::Stream<engine_wire::Command> stream) {
  ASSIGN_OR_RETURN(const EngineId engine, EngineIdFromWire(request.engine_id()));
  return engines_.Watch(caller, engine,
                        std::make_shared<StreamedCommands>(std::move(stream), options_));
}

absl::Status EngineRpc::Acknowledge(const Caller& caller,
                                    const engine_wire::AcknowledgeRequest& request,
                                    engine_wire::AcknowledgeReply& /*reply*/) {
  ASSIGN_OR_RETURN(const EngineId engine, EngineIdFromWire(request.engine_id()));
  ASSIGN_OR_RETURN(const std::vector<CommandId> ids, CommandIdsFromWire(request.command_ids()));
  return engines_.Acknowledge(caller, engine, ids);
}

absl::Status EngineRpc::FindRights(const Caller& caller,
                                   const engine_wire::FindRightsRequest& request,
                                   engine_wire::FindRightsReply& reply) {
  ASSIGN_OR_RETURN(const RightsQuestion question, FromWire(request));
  ASSIGN_OR_RETURN(const RightsAnswer answer, engines_.FindRights(caller, question));
  return ToWire(question, answer, &reply);
}

}  // namespace usher::room
