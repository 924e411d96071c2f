#include "tests/load/scenario.h"

#include <authentication/authenticationService.pb.h>
#include <common/accessInfo.pb.h>
#include <google/protobuf/message_lite.h>
#include <roomService/roomService.pb.h>
#include <user/userService.pb.h>

#include <functional>
#include <map>

#include "absl/strings/str_cat.h"
#include "common/base/id.h"

namespace usher::load {
namespace {

using Person = v1::Seed::Person;

constexpr uint32_t kRoomsListed = 100;

grpc::ByteBuffer Serialized(const google::protobuf::MessageLite& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

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

Scenario List(const std::string& token) {
  roomService::RoomListRequest request;
  FillAccess(token, request.mutable_accessinfo());
  request.set_limit(kRoomsListed);
  return {"/roomService.RoomService/List", {Serialized(request)}, ReplyShape::kWrapped};
}

Scenario ListAsAdministrator(const v1::Seed& seed) { return List(seed.administrator_token()); }

Scenario ListAsMember(const v1::Seed& seed) { return List(seed.people(0).token()); }

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

Scenario SignIn(const v1::Seed& seed,
                const std::function<void(const Person&, authentication::AuthenticationRequest*)>&
                    set_credentials) {
  Scenario scenario{"/authentication.AuthenticationService/authenticate", {}, ReplyShape::kWrapped};
  for (const Person& person : seed.people()) {
    authentication::AuthenticationRequest request;
    request.set_requestid(NewUuid());
    set_credentials(person, &request);
    scenario.requests.push_back(Serialized(request));
  }
  return scenario;
}

Scenario SignInByPassword(const v1::Seed& seed) {
  return SignIn(seed, [&seed](const Person& person, authentication::AuthenticationRequest* to) {
    to->mutable_usernamepasswordcredentials()->set_username(person.username());
    to->mutable_usernamepasswordcredentials()->set_password(person.password());
    to->mutable_usernamepasswordcredentials()->set_companyid(seed.company_id());
  });
}

Scenario SignInByCode(const v1::Seed& seed) {
  return SignIn(seed, [&seed](const Person& person, authentication::AuthenticationRequest* to) {
    to->mutable_authorizationcodecredentials()->set_clientid(person.client_id());
    to->mutable_authorizationcodecredentials()->set_code(person.code());
    to->mutable_authorizationcodecredentials()->set_companyid(seed.company_id());
  });
}

using Maker = Scenario (*)(const v1::Seed&);

const std::map<std::string, Maker>& Makers() {
  static const auto* const makers = new std::map<std::string, Maker>{
      {"echo", Echo},
      {"is_authenticated", IsAuthenticated},
      {"permissions", Permissions},
      {"list", ListAsAdministrator},
      {"list_as_member", ListAsMember},
      {"profile_update", ProfileUpdate},
      {"sign_in_password", SignInByPassword},
      {"sign_in_code", SignInByCode},
  };
  return *makers;
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
  return found->second(seed);
}

}  // namespace usher::load
