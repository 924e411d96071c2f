// An engine's work between a LiveKit server and usher that are none.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "deploy/engines/livekit/engine_work.h"
#include "tests/support/fake_clock.h"
#include "tests/unit/livekit/engine_fakes.h"
#include "tests/unit/livekit/participants.h"

namespace usher::livekit {

class EngineWorkTestBase : public ::testing::Test {
 protected:
  // Rounds until nothing is due.
  void Work() {
    for (int i = 0; i < 100; ++i) {
      if (work_.Round() > absl::ZeroDuration()) return;
    }
    FAIL() << "there is always something to do";
  }
  void Later(absl::Duration by) {
    clock_.Advance(by);
    Work();
  }
  // Somebody comes, and LiveKit says so.
  void Join(const std::string& room, const wire::Participant& participant) {
    livekit_.people_in[room][participant.identity()] = participant;
    wire::WebhookEvent event;
    event.set_event("participant_joined");
    event.mutable_room()->set_name(room);
    *event.mutable_participant() = participant;
    work_.Hear(event);
  }
  void Command(const std::string& id, const std::string& room, const std::string& user) {
    Usher::Command command;
    command.set_command_id(id);
    command.mutable_put_out()->set_room_id(room);
    command.mutable_put_out()->set_user_id(user);
    work_.Obey(command);
  }
  void TellOfPermissions(const std::string& id, const std::string& room) {
    Usher::Command command;
    command.set_command_id(id);
    command.mutable_permissions_changed()->set_room_id(room);
    work_.Obey(command);
  }
  void Welcome(uint32_t report_every_seconds = 30) {
    Usher::Command welcome;
    welcome.mutable_welcome()->set_report_every_seconds(report_every_seconds);
    work_.Obey(welcome);
  }
  bool Speaks(const std::string& room, const std::string& user) {
    return livekit_.people_in[room][user].permission().can_publish();
  }
  // The users of the last report.
  std::vector<std::string> Reported() {
    std::vector<std::string> users;
    if (usher_.reports.empty()) return users;
    for (const auto& room : usher_.reports.back().rooms()) {
      for (const auto& occupant : room.occupants()) users.push_back(occupant.person().user_id());
    }
    return users;
  }

  FakeClock clock_;
  FakeLiveKit livekit_;
  FakeUsher usher_;
  EngineWork work_{{.company = kCompany}, livekit_, usher_, clock_, nullptr};
};

}  // namespace usher::livekit
