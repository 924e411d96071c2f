// Participants of LiveKit, as tests need them.
#pragma once

#include <deploy/engines/livekit/livekit_protocol.pb.h>
#include <usher/engine/v1/engine.pb.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace usher::livekit {

inline constexpr char kCompany[] = "acme";
inline constexpr char kRoom[] = "0190a1b2-0000-7000-8000-00000000000a";
inline constexpr char kOtherRoom[] = "0190a1b2-0000-7000-8000-00000000000b";
inline constexpr char kAnna[] = "0190a1b2-0000-7000-8000-000000000001";
inline constexpr char kBen[] = "0190a1b2-0000-7000-8000-000000000002";
inline constexpr char kGuests[] = "0190a1b2-0000-7000-8000-0000000000ff";

// The year 2030, as FakeClock's.
inline absl::Time TestTime() { return absl::FromUnixSeconds(1893456000); }

inline std::string Metadata(absl::Time issued = TestTime(), const std::string& company = kCompany,
                            const std::string& base_permissions_id = "") {
  return absl::StrCat(R"({"company":")", company, R"(","guest":)",
                      base_permissions_id.empty() ? "false" : "true", R"(,"basePermissionsId":")",
                      base_permissions_id, R"(","roomAdmin":false,"spectator":false,"issued":)",
                      absl::ToUnixSeconds(issued), R"(,"expires":)",
                      absl::ToUnixSeconds(issued + absl::Hours(2)), "}");
}

// Who has come, and may nothing yet.
inline wire::Participant AParticipant(const std::string& user = kAnna,
                                      const std::string& sid = "PA_1",
                                      absl::Time issued = TestTime()) {
  wire::Participant participant;
  participant.set_sid(sid);
  participant.set_identity(user);
  participant.set_state("ACTIVE");
  participant.set_name("Anna");
  participant.set_kind("STANDARD");
  participant.set_metadata(Metadata(issued));
  return participant;
}

inline ::common::Permissions Rights(bool join = true, bool voice = true) {
  ::common::Permissions rights;
  rights.set_join(join);
  rights.set_voice(voice);
  return rights;
}

// usher's answer about everybody who is asked about.
inline ::usher::engine::v1::FindRightsReply Allow(
    const ::usher::engine::v1::FindRightsRequest& question,
    const ::common::Permissions& rights = Rights(), uint32_t active_quota = 0) {
  ::usher::engine::v1::FindRightsReply reply;
  for (const auto& asked : question.rooms()) {
    auto& room = *reply.add_rooms();
    room.set_room_id(asked.room_id());
    room.mutable_quotas()->set_activeparticipants(active_quota);
    for (const auto& person : asked.people()) {
      (*room.mutable_permissions())[person.user_id()] = rights;
    }
  }
  return reply;
}

}  // namespace usher::livekit
