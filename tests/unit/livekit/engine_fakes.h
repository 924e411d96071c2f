// What an engine works between: a LiveKit server and usher, as tests need them.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "deploy/engines/livekit/livekit_api.h"
#include "deploy/engines/livekit/usher_client.h"
#include "tests/unit/livekit/participants.h"

namespace usher::livekit {

// A LiveKit server: rooms and who is in them, until it is told otherwise.
class FakeLiveKit final : public LiveKitApi {
 public:
  absl::StatusOr<std::vector<wire::Room>> ListRooms() override {
    if (!status.ok()) return status;
    std::vector<wire::Room> rooms;
    for (const auto& [name, people] : people_in) rooms.emplace_back().set_name(name);
    return rooms;
  }
  absl::StatusOr<std::vector<wire::Participant>> ListParticipants(
      const std::string& room) override {
    if (!status.ok()) return status;
    visited.push_back(room);
    std::vector<wire::Participant> participants;
    const auto found = people_in.find(room);
    if (found == people_in.end()) return participants;  // as LiveKit does
    for (const auto& [user, participant] : found->second) participants.push_back(participant);
    return participants;
  }
  absl::Status RemoveParticipant(const std::string& room, const std::string& identity) override {
    if (!status.ok() || room == stuck) return absl::UnavailableError("away");
    if (people_in[room].erase(identity) == 0) return absl::NotFoundError("");
    removed.push_back(identity);
    return absl::OkStatus();
  }
  absl::Status UpdateParticipant(const std::string& room, const std::string& identity,
                                 const wire::Permission& permission) override {
    if (!status.ok() || room == stuck) return absl::UnavailableError("away");
    const auto found = people_in[room].find(identity);
    if (found == people_in[room].end()) return absl::NotFoundError("");
    *found->second.mutable_permission() = permission;
    if (on_update) on_update(permission);
    return absl::OkStatus();
  }
  absl::Status DeleteRoom(const std::string& room) override {
    if (!status.ok()) return status;
    return people_in.erase(room) == 0 ? absl::NotFoundError("") : absl::OkStatus();
  }

  // Whether somebody can hear the others.
  bool Hears(const std::string& room, const std::string& user) {
    return people_in[room][user].permission().can_subscribe();
  }

  absl::Status status;  // of all answers
  std::string stuck;    // a room in which nothing can be changed
  std::map<std::string, std::map<std::string, wire::Participant>> people_in;
  std::vector<std::string> removed;
  std::vector<std::string> visited;
  std::function<void(const wire::Permission&)> on_update;  // of somebody
};

class FakeUsher final : public Usher {
 public:
  absl::StatusOr<::usher::engine::v1::ReportReply> Report(
      ::usher::engine::v1::ReportRequest request) override {
    if (!status.ok()) return status;
    reports.push_back(std::move(request));
    if (on_report) std::exchange(on_report, nullptr)();
    return std::exchange(reply, {});
  }
  absl::StatusOr<::usher::engine::v1::FindRightsReply> FindRights(
      ::usher::engine::v1::FindRightsRequest request) override {
    if (!status.ok()) return status;
    if (!knows_rooms) return ::usher::engine::v1::FindRightsReply();
    auto answer = Allow(request, rights);
    if (on_find_rights) on_find_rights();
    return answer;
  }
  absl::Status Acknowledge(const std::vector<std::string>& ids) override {
    acknowledged.insert(acknowledged.end(), ids.begin(), ids.end());
    return absl::OkStatus();
  }
  absl::Status Watch(const std::function<void(Command)>& take) override {
    if (on_watch) on_watch(take);
    stopped.WaitForNotification();
    return absl::CancelledError("it was stopped");
  }
  void StopWatching() override { stopped.Notify(); }

  absl::Status status;  // of all answers
  bool knows_rooms = true;
  ::common::Permissions rights = Rights();
  ::usher::engine::v1::ReportReply reply;  // of the next report
  std::vector<::usher::engine::v1::ReportRequest> reports;
  std::function<void()> on_report;       // once
  std::function<void()> on_find_rights;  // each time, when what is answered is known
  std::function<void(const std::function<void(Command)>& take)> on_watch;
  absl::Notification stopped;
  std::vector<std::string> acknowledged;
};

}  // namespace usher::livekit
