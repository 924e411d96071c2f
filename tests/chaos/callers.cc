#include "tests/chaos/callers.h"

#include <functional>
#include <stdexcept>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "tests/chaos/send.h"
#include "tests/support/credentials.h"

namespace usher::chaos {
namespace {

using ::authentication::AuthenticationService;
using ::businessLogicService::BusinessLogicService;
using ::companyService::CompanyService;
using ::roomService::roomService;
using ::user::UserService;

// A sign-in that waits for servers that are coming back.
SignedIn Administrator(House& house, const Tenant& tenant) {
  const absl::Time until = absl::Now() + absl::Seconds(60);
  for (;;) {
    try {
      return house.SignIn(tenant);
    } catch (const std::exception&) {
      if (absl::Now() > until) throw;
      absl::SleepFor(absl::Milliseconds(50));
    }
  }
}

// The same for what a caller needs.
std::string AwaitMade(const std::function<Answer()>& create) {
  const absl::Time until = absl::Now() + absl::Seconds(60);
  for (;;) {
    const Answer answer = create();
    if (answer.told() == Told::kDone) return answer.id;
    if (absl::Now() > until) throw std::runtime_error("nothing to work with: " + answer.Text());
    absl::SleepFor(absl::Milliseconds(50));
  }
}

}  // namespace

Told Answer::told() const {
  switch (status.error_code()) {
    case grpc::StatusCode::OK:
      return info.statuscode() == ::common::OK ? Told::kDone : Told::kRefused;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return Told::kNotChanged;
    case grpc::StatusCode::UNAVAILABLE:
      // Else gRPC made it in the client: the connection broke, and who knows what the server did.
      return absl::StrContains(status.error_message(), "nothing was changed") ? Told::kNotChanged
                                                                              : Told::kInDoubt;
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::CANCELLED:  // by a server that stops
    case grpc::StatusCode::UNKNOWN:  // "Stream removed", by gRPC in the client; usher never says it
      return Told::kInDoubt;
    default:
      return Told::kWrong;
  }
}

std::string Answer::Text() const {
  return absl::StrCat("gRPC ", status.error_code(), " '", status.error_message(), "', ",
                      info.ShortDebugString(), ", after ", absl::FormatDuration(took));
}

Caller::Caller(House& house, absl::Duration patience)
    : house_(house),
      patience_(patience),
      admin_(Administrator(house, house.acme())),
      operator_(Administrator(house, house.operator_company())),
      member_(AwaitMade([this] { return CreateUser(NewUuid() + "@acme.example"); })),
      room_(AwaitMade([this] { return CreateRoom(NewUuid()); })) {}

Answer Caller::IsAuthenticated() const {
  ::common::AccessInfo request;
  request.set_accesstoken(admin_.access_token);
  return Send(patience_, house_.auth(), &AuthenticationService::Stub::isAuthenticated, request);
}

Answer Caller::Read(const std::string& service) const {
  if (service == "auth") {
    auto request = With<::authentication::AuthenticationInformationRequest>(admin_);
    request.set_userid(admin_.user);
    return Send(patience_, house_.auth(), &AuthenticationService::Stub::authenticationInformation,
                request);
  }
  if (service == "user") {
    auto request = With<::user::UserListRequest>(admin_);
    request.add_useridlist(admin_.user);
    return Send(patience_, house_.user(), &UserService::Stub::userList, request);
  }
  if (service == "company") {
    return Send(patience_, house_.company(), &CompanyService::Stub::companyList,
                With<::companyService::CompanyListRequest>(admin_));
  }
  if (service == "room") {
    auto request = With<::roomService::RoomListRequest>(admin_);
    request.set_limit(1);
    return Send(patience_, house_.room(), &roomService::Stub::List, request);
  }
  return Send(patience_, house_.business_logic(), &BusinessLogicService::Stub::permissionGroupsList,
              With<::businessLogicService::CompanyPermissionGroupsListRequest>(admin_));
}

Answer Caller::Change(const std::string& service, const std::string& name) const {
  if (service == "auth") {
    auto request = With<::authentication::AuthenticationCreateRequest>(admin_);
    *request.mutable_authenticationrequest() =
        WithCode(house_.acme().company, name, NewUuid() + NewUuid());
    return Send(patience_, house_.auth(), &AuthenticationService::Stub::authenticationCreate,
                request);
  }
  if (service == "company") {
    auto request = With<::companyService::CompanyUpdateRequest>(admin_);
    request.set_companyid(house_.acme().company);
    (*request.mutable_company()->mutable_metadata())["note"] = name;
    return Send(patience_, house_.company(), &CompanyService::Stub::companyUpdate, request);
  }
  if (service == "room") return CreateRoom(name);
  if (service == "business-logic") return AddFavorite(room_);
  auto request = With<::user::UserProfileUpdateRequest>(admin_);
  request.set_userid(member_);
  request.mutable_userprofile()->set_firstname(name);
  return Send(patience_, house_.user(), &UserService::Stub::userProfileUpdate, request);
}

Answer Caller::CreateRoom(const std::string& name, const std::string& key) const {
  auto request = With<::roomService::RoomCreateRequest>(admin_);
  request.mutable_room()->set_displayname(name);
  // Whoever it becomes a favorite of can see it.
  request.mutable_room()->mutable_defaultpermissions()->set_join(true);
  return Send(patience_, house_.room(), &roomService::Stub::Create, request, key);
}

Answer Caller::CreateUser(const std::string& email, const std::string& password) const {
  auto request = With<::user::UserCreateRequest>(admin_);
  request.mutable_user()->set_email(email);
  if (!password.empty()) {
    *request.mutable_authenticationrequest() = WithPassword("", email, password);
  }
  return Send(patience_, house_.user(), &UserService::Stub::userCreate, request);
}

Answer Caller::ChangePassword(const std::string& user, const std::string& email,
                              const std::string& current, const std::string& password) const {
  auto request = With<::user::UserUpdateRequest>(admin_);
  request.set_userid(user);
  auto& credentials =
      *request.mutable_authenticationrequest()->mutable_usernamepasswordcredentials();
  credentials.set_username(email);
  credentials.set_current(current);
  credentials.set_password(password);
  return Send(patience_, house_.user(), &UserService::Stub::userUpdate, request);
}

Answer Caller::DestroyUser(const std::string& user) const {
  auto request = With<::user::UserDestroyRequest>(admin_);
  request.set_userid(user);
  return Send(patience_, house_.user(), &UserService::Stub::userDestroy, request);
}

Answer Caller::FoundCompany(const std::string& name) const {
  auto request = With<::companyService::CompanyCreateRequest>(operator_);
  request.mutable_company()->set_displayname(name);
  *request.mutable_usercreaterequest()->mutable_authenticationrequest() =
      WithPassword("", "ann", "the password of a founder");
  return Send(patience_, house_.company(), &CompanyService::Stub::companyCreate, request);
}

Answer Caller::FoundCompanyThroughAuth(const std::string& name) const {
  auto request = With<::authentication::CompanyCreateRequest>(operator_);
  request.set_companyid(name);
  *request.mutable_authenticationrequest() = WithPassword("", "ann", "the password of a founder");
  return Send(patience_, house_.auth(), &AuthenticationService::Stub::companyCreate, request);
}

Answer Caller::DestroyCompany(const std::string& company) const {
  auto request = With<::companyService::CompanyDestroyRequest>(operator_);
  request.set_companyid(company);
  return Send(patience_, house_.company(), &CompanyService::Stub::companyDestroy, request);
}

Answer Caller::AddFavorite(const std::string& room, const std::string& user) const {
  auto request = With<::businessLogicService::FavoritesUpdateRequest>(admin_);
  request.set_userid(user);
  (*request.mutable_roomids())[room] = true;
  return Send(patience_, house_.business_logic(), &BusinessLogicService::Stub::favoritesUpdate,
              request);
}

Answer Caller::ListFavorites() const {
  return Send(patience_, house_.business_logic(), &BusinessLogicService::Stub::favoritesList,
              With<::businessLogicService::FavoritesListRequest>(admin_));
}

Answer Caller::CreateJoinLink(const std::string& room) const {
  auto request = With<::roomService::CreateJoinLinkRequest>(admin_);
  request.set_roomid(room);
  return Send(patience_, house_.room(), &roomService::Stub::CreateJoinLink, request);
}

Answer Caller::CreateGuest(const std::string& room) const {
  auto request = With<::authentication::AuthenticationCreateRequest>(admin_);
  auto& credentials = *request.mutable_authenticationrequest()->mutable_guestaccesscredentials();
  credentials.set_companyid(house_.acme().company);
  credentials.set_roomid(room);
  credentials.set_code(NewUuid() + NewUuid());
  credentials.set_displayname("Gus");
  credentials.set_expiry(-1);
  return Send(patience_, house_.auth(), &AuthenticationService::Stub::authenticationCreate,
              request);
}

Answer Caller::SignIn(const std::string& username, const std::string& password) const {
  return Send(patience_, house_.auth(), &AuthenticationService::Stub::authenticate,
              WithPassword(house_.acme().company, username, password));
}

int RoomsNamed(House& house, const std::string& name) {
  return std::stoi(house.database("room").Ask(
      absl::StrCat("SELECT count(*) FROM rooms WHERE display_name = '", name, "'")));
}

bool UserExists(House& house, const std::string& email) {
  return house.database("user").Ask(absl::StrCat(
             "SELECT count(*) FROM users WHERE state = 2 AND email = '", email, "'")) != "0";
}

bool MethodExists(House& house, const std::string& username) {
  return house.database("auth").Ask(absl::StrCat("SELECT count(*) FROM methods WHERE principal = '",
                                                 username, "'")) != "0";
}

}  // namespace usher::chaos
