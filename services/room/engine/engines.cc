#include "services/room/engine/engines.h"

#include <utility>

#include "common/access/require.h"
#include "common/status/try.h"

namespace usher::room {

absl::StatusOr<ReportOutcome> Engines::Report(const Caller& caller, const room::Report& report) {
  RETURN_IF_ERROR(RequirePermission(caller, Permission::kRoomAdmin));
  return store_.Take(caller.call(), caller.company(), report);
}

absl::StatusOr<RightsAnswer> Engines::FindRights(const Caller& caller,
                                                 const RightsQuestion& question) {
  RETURN_IF_ERROR(RequirePermission(caller, Permission::kRoomAdmin));
  RightsAnswer answer;
  ASSIGN_OR_RETURN(answer.rooms, store_.FindPlaces(caller.call(), caller.company(), question.engine,
                                                   question.rooms));
  ASSIGN_OR_RETURN(answer.rights,
                   store_.FindRights(caller.call(), caller.company(), question.people));
  return answer;
}

absl::Status Engines::Watch(const Caller& caller, const EngineId& engine,
                            std::shared_ptr<CommandSink> sink) {
  RETURN_IF_ERROR(RequirePermission(caller, Permission::kRoomAdmin));
  return feed_.Add(caller.company(), engine, std::move(sink));
}

absl::Status Engines::Acknowledge(const Caller& caller, const EngineId& engine,
                                  const std::vector<CommandId>& ids) {
  RETURN_IF_ERROR(RequirePermission(caller, Permission::kRoomAdmin));
  return store_.Acknowledge(caller.call(), caller.company(), engine, ids);
}

}  // namespace usher::room
