#include "tests/load/scenario.h"

#include <common/accessInfo.pb.h>
#include <common/replyInfo.pb.h>
#include <roomService/roomService.pb.h>
#include <user/userService.pb.h>

#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "tests/load/sign_in_scenario.h"

namespace usher::load {
namespace {

using Person = v1::Seed::Person;

constexpr uint32_t kRoomsListed = 100;
// Of 120 that are open to everybody and 250 of one's own (scripts.py, OWN_ROOMS).
constexpr uint32_t kLastOfOwn = 300;

void FillAccess(const std::string& token, ::common::AccessInfo* access) {
  access->set_requestid(NewUuid());
  access->set_accesstoken(token);
}

Scenario Echo(const v1::Seed&) {
  v1::EchoRequest request;
  request.set_token(std::string(180, 't'));
  return {"/usher.load.v1.Echo/echo", {Serialized(request)}, ReplyShape::kNone};
}

Scenario IsAuthenticated(const v1::Seed& seed) {
  Scenario scenario{
      "/authentication.AuthenticationService/isAuthenticated", {}, ReplyShape::kReplyInfo};
  for (const Person& person : seed.people()) {
    ::common::AccessInfo access;
    FillAccess(person.token(), &access);
    scenario.requests.push_back(Serialized(access));
  }
  return scenario;
}

// Everybody asks about themselves, in one room after the other.
Scenario Permissions(const v1::Seed& seed) {
  Scenario scenario{"/roomService.RoomService/Permissions", {}, ReplyShape::kWrapped};
  for (int i = 0; i < 10 * seed.people_size(); ++i) {
    const Person& person = seed.people(i % seed.people_size());
    roomService::RoomPermissionsRequest request;
    FillAccess(person.token(), request.mutable_accessinfo());
    request.set_userid(person.user_id());
    request.set_roomid(seed.room_ids(i * 7 % seed.room_ids_size()));
    scenario.requests.push_back(Serialized(request));
  }
  return scenario;
}

// The administrators of the neighbors ask about themselves, in turn.
Scenario PermissionsOfNeighbors(const v1::Seed& seed) {
  Scenario scenario{"/roomService.RoomService/Permissions", {}, ReplyShape::kWrapped};
  const int rooms = seed.neighbors_size() == 0 ? 0 : seed.neighbors(0).room_ids_size();
  for (int room = 0; room < rooms; ++room) {
    for (const v1::Seed& neighbor : seed.neighbors()) {
      roomService::RoomPermissionsRequest request;
      FillAccess(neighbor.administrator_token(), request.mutable_accessinfo());
      request.set_roomid(neighbor.room_ids(room));
      scenario.requests.push_back(Serialized(request));
    }
  }
  return scenario;
}

// A flood of calls that fail: rooms that are not there.
Scenario UnknownRooms(const v1::Seed& seed) {
  Scenario scenario{"/roomService.RoomService/Permissions", {}, ReplyShape::kWrapped};
  scenario.wanted_code = ::common::ROOM_NOT_FOUND;
  for (const Person& person : seed.people()) {
    roomService::RoomPermissionsRequest request;
    FillAccess(person.token(), request.mutable_accessinfo());
    request.set_roomid(NewUuid());
    scenario.requests.push_back(Serialized(request));
  }
  return scenario;
}

// A flood of calls that wait for each other: one room is changed again and again.
Scenario OneRoom(const v1::Seed& seed) {
  Scenario scenario{"/roomService.RoomService/Update", {}, ReplyShape::kWrapped};
  for (const char* name : {"Hammer", "Anvil"}) {
    roomService::RoomUpdateRequest request;
    FillAccess(seed.administrator_token(), request.mutable_accessinfo());
    request.set_roomid(seed.room_ids(0));
    request.mutable_room()->set_displayname(name);
    scenario.requests.push_back(Serialized(request));
  }
  return scenario;
}

// The administrator gives everybody rights, in one room after the other.
Scenario RoomUpdate(const v1::Seed& seed) {
  Scenario scenario{"/roomService.RoomService/Update", {}, ReplyShape::kWrapped};
  for (int i = 0; i < 10 * seed.people_size(); ++i) {
    roomService::RoomUpdateRequest request;
    FillAccess(seed.administrator_token(), request.mutable_accessinfo());
    request.set_roomid(seed.room_ids(i % seed.room_ids_size()));
    auto& entries = *request.mutable_room()->mutable_permissions();
    entries[seed.people(i % seed.people_size()).user_id()].set_join(true);
    scenario.requests.push_back(Serialized(request));
  }
  return scenario;
}

Scenario List(const std::string& token, uint32_t offset = 0) {
  roomService::RoomListRequest request;
  FillAccess(token, request.mutable_accessinfo());
  request.set_limit(kRoomsListed);
  request.set_offset(offset);
  return {"/roomService.RoomService/List", {Serialized(request)}, ReplyShape::kWrapped};
}

Scenario ListAsAdministrator(const v1::Seed& seed) { return List(seed.administrator_token()); }

// Those with an entry of theirs, and the few that are open to everybody.
Scenario ListOwn(const v1::Seed& seed) { return List(seed.people(0).token()); }
Scenario ListLastOfOwn(const v1::Seed& seed) { return List(seed.people(0).token(), kLastOfOwn); }

// Everybody changes their own profile, to something new every other time.
Scenario ProfileUpdate(const v1::Seed& seed) {
  Scenario scenario{"/user.UserService/userProfileUpdate", {}, ReplyShape::kReplyInfo};
  for (const char* title : {"Dr.", "Prof."}) {
    for (const Person& person : seed.people()) {
      user::UserProfileUpdateRequest request;
      FillAccess(person.token(), request.mutable_accessinfo());
      request.set_userid(person.user_id());
      request.mutable_userprofile()->set_firstname("Ada");
      request.mutable_userprofile()->set_lastname(person.username());
      request.mutable_userprofile()->set_title(title);
      scenario.requests.push_back(Serialized(request));
    }
  }
  return scenario;
}

const ScenarioMakers& Makers() {
  static const auto* const all = [] {
    auto* const makers = new ScenarioMakers{
        {"echo", Echo},
        {"is_authenticated", IsAuthenticated},
        {"permissions", Permissions},
        {"permissions_of_neighbors", PermissionsOfNeighbors},
        {"unknown_rooms", UnknownRooms},
        {"one_room", OneRoom},
        {"list", ListAsAdministrator},
        {"list_own", ListOwn},
        {"list_own_last", ListLastOfOwn},
        {"room_update", RoomUpdate},
        {"profile_update", ProfileUpdate},
    };
    makers->merge(SignInScenarios());
    return makers;
  }();
  return *all;
}

}  // namespace

const std::vector<std::string>& ScenarioNames() {
  static const auto* const names = [] {
    auto* made = new std::vector<std::string>;
    for (const auto& [name, maker] : Makers()) made->push_back(name);
    return made;
  }();
  return *names;
}

absl::StatusOr<Scenario> MakeScenario(const std::string& name, const v1::Seed& seed) {
  const auto found = Makers().find(name);
  if (found == Makers().end()) {
    return absl::InvalidArgumentError(absl::StrCat("there is no scenario '", name, "'"));
  }
  if (name != "echo" && (seed.people_size() == 0 || seed.room_ids_size() == 0)) {
    return absl::InvalidArgumentError(absl::StrCat(name, " needs a company: run `seed` first"));
  }
  Scenario made = found->second(seed);
  if (made.requests.empty() && made.next == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(name, " needs more: see `seed --help`"));
  }
  return made;
}

}  // namespace usher::load
