// What engines say and are told, as messages.
#pragma once

#include <usher/engine/v1/engine.pb.h>

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/room/engine/engine_options.h"
#include "services/room/engine/engines.h"

namespace usher::room {

inline constexpr int kMostOccupantsOfRoom = 10000;
inline constexpr int kMostOccupantsOfReport = 20000;
inline constexpr int kMostPeopleAskedAbout = 10000;

// PROTOCOL_ERROR; REQUEST_EMPTY for "".
absl::StatusOr<EngineId> EngineIdFromWire(const std::string& raw);

// PROTOCOL_ERROR also for what comes twice, and for a state that there is not; MAX_SIZE_EXCEEDED,
// ROOM_ID_INVALID, USER_ID_INVALID, SUBROOM_INVALID.
absl::StatusOr<Report> FromWire(const ::usher::engine::v1::ReportRequest& request);
absl::StatusOr<RightsQuestion> FromWire(const ::usher::engine::v1::FindRightsRequest& request);
// PROTOCOL_ERROR for what is no command's ID, MAX_SIZE_EXCEEDED.
absl::StatusOr<std::vector<CommandId>> CommandIdsFromWire(
    const google::protobuf::RepeatedPtrField<std::string>& raw);

void ToWire(const ReportOutcome& outcome, ::usher::engine::v1::ReportReply* reply);
// MAX_SIZE_EXCEEDED.
absl::Status ToWire(const RightsQuestion& question, const RightsAnswer& answer,
                    ::usher::engine::v1::FindRightsReply* reply);
::usher::engine::v1::Command ToWire(const Command& command);
::usher::engine::v1::Command WelcomeOf(const EngineOptions& options);

}  // namespace usher::room
