// An attendance and what it tells LiveKit to do, in words.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "deploy/engines/livekit/attendance.h"
#include "tests/unit/livekit/participants.h"

namespace usher::livekit {

// "admit Anna" and the like.
inline std::vector<std::string> Told(const std::vector<Act>& acts) {
  std::vector<std::string> told;
  for (const Act& act : acts) {
    const std::string who = act.identity == kAnna  ? "Anna"
                            : act.identity == kBen ? "Ben"
                                                   : act.identity;
    switch (act.kind) {
      case Act::Kind::kAdmit:
        told.push_back("admit " + who);
        break;
      case Act::Kind::kRemove:
        told.push_back("remove " + who);
        break;
      case Act::Kind::kDelete:
        told.push_back(act.room == kRoom ? "delete" : "delete another");
        break;
    }
  }
  return told;
}

class AttendanceTestBase : public ::testing::Test {
 protected:
  // Everybody who waits is judged by these rights; what is to be done is done.
  std::vector<std::string> Judge(const ::common::Permissions& rights = Rights(),
                                 uint32_t quota = 0) {
    const auto question = attendance_.Ask();
    return Do(attendance_.Judge(question, Allow(question, rights, quota)));
  }
  std::vector<std::string> JudgeInNoRoom() { return Do(attendance_.Judge(attendance_.Ask(), {})); }
  std::vector<std::string> Do(const std::vector<Act>& acts) {
    for (const Act& act : acts) attendance_.Done(act);
    return Told(acts);
  }
  // The users in the one room that is reported.
  std::vector<std::string> Online() {
    std::vector<std::string> users;
    for (const auto& room : attendance_.Report()) {
      for (const auto& occupant : room.occupants()) users.push_back(occupant.person().user_id());
    }
    return users;
  }

  Attendance attendance_{kCompany};
};

}  // namespace usher::livekit
