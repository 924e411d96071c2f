#include "tests/conformance/authorization_requests.h"

#include <common/chat.pb.h>
#include <usher/audit/v1/audit.pb.h>
#include <usher/businesslogic/v1/permission_groups.pb.h>
#include <usher/chat/v1/chat.pb.h>
#include <usher/engine/v1/engine.pb.h>
#include <usher/session/v1/session.pb.h>

#include <functional>
#include <map>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "common/base/id.h"

namespace usher {
namespace {

using ::google::protobuf::Message;
using ::google::protobuf::MethodDescriptor;

[[noreturn]] void Unknown(const std::string& with) {
  throw std::runtime_error(absl::StrCat("this rpc is not asked with ", with));
}

void ExpectPlain(const Question& question) {
  if (question.with != "-") Unknown(question.with);
}

bool IsOneself(const Question& question) {
  return question.target.person.user == question.actor.person.user;
}

// Gives USER_SHOW, which only some hold, or COMPANY_LIST, which only the platform gives.
void Give(int permission, ::authentication::AuthenticationRequest* method) {
  (*method->mutable_permissions())[permission] = true;
}

// The method of the target that is to be made or changed. The secret stays what it was, so that
// what comes next finds it as it is.
void NameMethod(const Question& question, ::authentication::AuthenticationRequest* method) {
  method->mutable_usernamepasswordcredentials()->set_username(question.target.person.username);
}

void SetSecret(const Question& question, ::authentication::AuthenticationRequest* method) {
  NameMethod(question, method);
  auto& credentials = *method->mutable_usernamepasswordcredentials();
  credentials.set_password(kScenePassword);
  if (IsOneself(question)) credentials.set_current(kScenePassword);
}

// A method that nobody has.
void NewMethod(const Question& question, ::authentication::AuthenticationRequest* method) {
  auto& credentials = *method->mutable_usernamepasswordcredentials();
  credentials.set_username(NewUuid());
  credentials.set_password(kScenePassword);
  if (question.with == "secret") return;
  if (question.with == "permission") return Give(::common::USER_SHOW, method);
  if (question.with == "company") return credentials.set_companyid(question.target.person.company);
  Unknown(question.with);
}

std::string NewEmail() { return absl::StrCat("x", NewUuid(), "@example.com"); }

// --- AuthenticationService

void Fill(const Question& question, ::authentication::AuthenticationRequest& request) {
  ExpectPlain(question);
  auto& credentials = *request.mutable_usernamepasswordcredentials();
  credentials.set_companyid(question.target.person.company);
  credentials.set_username(question.target.person.username);
  credentials.set_password(kScenePassword);
}

void Fill(const Question& question, ::authentication::SignAccessTokenRequest& request) {
  auto& token = *request.mutable_accesstoken();
  token.set_userid(question.target.person.user);
  if (question.with == "-") return;
  if (question.with == "company") return token.set_companyid(question.target.person.company);
  if (question.with == "list") {
    (*token.mutable_permissions())[::common::USER_LIST] = true;
  } else if (question.with == "permission") {
    (*token.mutable_permissions())[::common::USER_SHOW] = true;
  } else {
    Unknown(question.with);
  }
}

void Fill(const Question& question, ::common::AccessInfo&) { ExpectPlain(question); }

void Fill(const Question& question, ::authentication::AccessTokenInformationRequest&) {
  ExpectPlain(question);
}

void Fill(const Question& question, ::authentication::PasswordResetRequest& request) {
  ExpectPlain(question);
  request.set_companyid(question.target.person.company);
  request.set_username(question.target.person.username);
}

void Fill(const Question& question, ::authentication::ListAuthenticationsRequest& request) {
  request.add_useridlist(question.target.person.user);
  if (question.with == "company") {
    request.add_companyid(question.target.person.company);
  } else {
    ExpectPlain(question);
  }
}

void Fill(const Question& question, ::authentication::AuthenticationCreateRequest& request) {
  auto& method = *request.mutable_authenticationrequest();
  if (question.with == "invitation") {
    auto& invitation = *method.mutable_activationtokencredentials();
    invitation.set_keytype("password");
    invitation.set_principal(NewUuid());
    return;
  }
  const bool there = question.with == "guestThere";
  if (question.with != "guest" && !there) return NewMethod(question, &method);
  auto& access = *method.mutable_guestaccesscredentials();
  access.set_code(kScenePassword);
  access.set_roomid(question.target.room);
  if (there) access.set_companyid(question.target.person.company);
}

void Fill(const Question& question, ::authentication::AuthenticationUpdateRequest& request) {
  request.set_userid(question.target.person.user);
  auto& method = *request.mutable_authenticationrequest();
  if (question.with == "secret" || question.with == "company") {
    SetSecret(question, &method);
    if (question.with == "secret") return;
    method.mutable_usernamepasswordcredentials()->set_companyid(question.target.person.company);
  } else if (question.with == "removeAll") {
    request.clear_authenticationrequest();
    request.set_removeall(true);
  } else if (question.with == "deactivate") {
    method.set_accountstatus(::authentication::DEACTIVATED);
  } else {
    NameMethod(question, &method);
    if (question.with == "metadata") {
      (*method.mutable_metadata())["key"] = NewUuid();
    } else if (question.with == "activate") {
      method.set_accountstatus(::authentication::ACTIVATED);
    } else if (question.with == "permission") {
      Give(::common::USER_SHOW, &method);
    } else if (question.with == "platform") {
      Give(::common::COMPANY_LIST, &method);
    } else {
      Unknown(question.with);
    }
  }
}

void Fill(const Question& question, ::authentication::AuthenticationInformationRequest& request) {
  ExpectPlain(question);
  request.set_userid(question.target.person.user);
}

void Fill(const Question& question, ::authentication::CompanyCreateRequest& request) {
  ExpectPlain(question);
  request.set_companyid(absl::StrCat("c-", NewUuid()));
  request.mutable_user()->set_email(NewEmail());
  auto& credentials =
      *request.mutable_authenticationrequest()->mutable_usernamepasswordcredentials();
  credentials.set_username("first");
  credentials.set_password(kScenePassword);
}

// --- UserService

void Fill(const Question& question, ::user::UserListRequest& request) {
  if (question.with == "all") return;
  ExpectPlain(question);
  request.add_useridlist(question.target.person.user);
}

void Fill(const Question& question, ::user::UserCreateRequest& request) {
  request.mutable_user()->mutable_userprofile()->set_firstname("Somebody");
  if (question.with != "-") NewMethod(question, request.mutable_authenticationrequest());
}

void Fill(const Question& question, ::user::UserUpdateRequest& request) {
  request.set_userid(question.target.person.user);
  if (question.with == "profile") {
    request.mutable_user()->mutable_userprofile()->set_firstname(NewUuid());
  } else if (question.with == "locale") {
    request.mutable_user()->mutable_locale()->set_uilanguage("de");
  } else if (question.with == "email") {
    request.mutable_user()->set_email(NewEmail());
  } else if (question.with == "metadata") {
    (*request.mutable_user()->mutable_metadata())["key"] = NewUuid();
  } else if (question.with == "secret") {
    SetSecret(question, request.mutable_authenticationrequest());
  } else if (question.with == "permission") {
    NameMethod(question, request.mutable_authenticationrequest());
    Give(::common::USER_SHOW, request.mutable_authenticationrequest());
  } else {
    Unknown(question.with);
  }
}

void Fill(const Question& question, ::user::UserDestroyRequest& request) {
  ExpectPlain(question);
  request.set_userid(question.target.person.user);
}

void Fill(const Question& question, ::user::UserProfileUpdateRequest& request) {
  ExpectPlain(question);
  request.set_userid(question.target.person.user);
  request.mutable_userprofile()->set_lastname(NewUuid());
}

void Fill(const Question& question, ::user::UserGetLocaleRequest& request) {
  ExpectPlain(question);
  request.set_userid(question.target.person.user);
}

// --- CompanyService

void Fill(const Question& question, ::companyService::CompanyListRequest& request) {
  if (question.with == "all") return;
  ExpectPlain(question);
  request.add_companyidlist(question.target.person.company);
}

void Fill(const Question& question, ::companyService::CompanyCreateRequest& request) {
  if (question.with == "books") {
    request.mutable_company()->set_customerid(NewUuid());
  } else {
    ExpectPlain(question);
  }
  request.mutable_company()->set_displayname(absl::StrCat("c-", NewUuid()));
  auto& first = *request.mutable_usercreaterequest();
  first.mutable_user()->set_email(NewEmail());
  auto& credentials = *first.mutable_authenticationrequest()->mutable_usernamepasswordcredentials();
  credentials.set_username("first");
  credentials.set_password(kScenePassword);
}

void Fill(const Question& question, ::companyService::CompanyUpdateRequest& request) {
  request.set_companyid(question.target.person.company);
  if (question.with == "books") {
    request.mutable_company()->set_customerid(NewUuid());
    return;
  }
  ExpectPlain(question);
  (*request.mutable_company()->mutable_metadata())["key"] = NewUuid();
}

void Fill(const Question& question, ::companyService::CompanyDestroyRequest& request) {
  ExpectPlain(question);
  request.set_companyid(question.target.person.company);
}

void Fill(const Question& question, ::companyService::CompanyAvailableRequest& request) {
  ExpectPlain(question);
  request.set_displayname("A name that is free");
}

// --- RoomService

void Fill(const Question& question, ::roomService::RoomCreateRequest& request) {
  request.mutable_room()->set_displayname("New");
  if (question.with == "parent") {
    request.mutable_room()->set_parentid(question.target.room);
  } else {
    ExpectPlain(question);
  }
}

void Fill(const Question& question, ::roomService::RoomUpdateRequest& request) {
  request.mutable_room()->set_displayname(NewUuid());
  request.set_roomid(question.target.room);
  if (question.with == "parent") {
    request.set_roomid(question.own_room);
    request.mutable_room()->set_parentid(question.target.room);
  } else {
    ExpectPlain(question);
  }
}

void Fill(const Question& question, ::roomService::RoomsUpdateRequest& request) {
  Fill(question, *request.add_roomstoupdate());
}

void Fill(const Question& question, ::roomService::RoomListRequest& request) {
  request.set_limit(1000);
  if (question.with == "all") return;
  ExpectPlain(question);
  request.add_filterroomids(question.target.room);
}

void Fill(const Question& question, ::roomService::RoomStatusRequest& request) {
  if (question.with == "all") return;
  ExpectPlain(question);
  request.add_roomids(question.target.room);
}

void Fill(const Question& question, ::roomService::RoomDestroyRequest& request) {
  ExpectPlain(question);
  request.set_roomid(question.target.room);
}

void Fill(const Question& question, ::roomService::RoomPermissionsRequest& request) {
  request.set_roomid(question.target.room);
  if (question.with == "other") {
    request.set_userid(NewUuid());
  } else {
    ExpectPlain(question);
    request.set_userid(question.actor.person.user);
  }
}

void Fill(const Question& question, ::roomService::CreateJoinLinkRequest& request) {
  ExpectPlain(question);
  request.set_roomid(question.target.room);
}

// --- BusinessLogicService

void Fill(const Question& question, ::businessLogicService::FavoritesListRequest& request) {
  ExpectPlain(question);
  request.set_userid(question.target.person.user);
}

void Fill(const Question& question, ::businessLogicService::FavoritesUpdateRequest& request) {
  if (question.with == "room") {
    (*request.mutable_roomids())[question.target.room] = true;
  } else {
    ExpectPlain(question);
    request.set_userid(question.target.person.user);
    (*request.mutable_roomids())[question.open_room] = true;
  }
}

void Fill(const Question& question, ::businessLogicService::CompanyPermissionGroupsListRequest&) {
  ExpectPlain(question);
}

// --- PermissionGroupService

void Fill(const Question& question, ::usher::businesslogic::v1::PutRequest& request) {
  ExpectPlain(question);
  request.set_group_id("staff");
  request.mutable_group()->set_name("Staff");
}

void Fill(const Question& question, ::usher::businesslogic::v1::RemoveRequest& request) {
  ExpectPlain(question);
  request.set_group_id("nobody has it");
}

// --- ChatService

void Fill(const Question& question, ::common::ChatSendRequest& request) {
  request.mutable_chatmessage()->add_receiver(question.target.room);
  request.mutable_chatmessage()->set_text("hello");
  if (question.with == "broadcast") {
    request.mutable_chatmessage()->set_broadcast(true);
  } else {
    ExpectPlain(question);
  }
}

void Fill(const Question& question, ::common::ChatHistoryRequest& request) {
  ExpectPlain(question);
  request.set_receiver(question.target.room);
}

void Fill(const Question& question, ::usher::chat::v1::WatchRequest& request) {
  ExpectPlain(question);
  request.set_receiver(question.target.room);
}

// --- AuditService

void Fill(const Question& question, ::usher::audit::v1::ListRequest& request) {
  request.set_limit(1);
  if (question.with == "company") {
    request.set_company_id(question.target.person.company);
  } else if (question.with == "all") {
    request.set_all_companies(true);
  } else {
    ExpectPlain(question);
  }
}

// --- SessionService

void Fill(const Question& question, ::usher::session::v1::EndAllRequest& request) {
  if (question.with == "company") {
    request.set_company_id(question.target.person.company);
  } else {
    ExpectPlain(question);
  }
  request.set_user_id(question.target.person.user);
}

// --- EngineService

constexpr char kEngine[] = "engine-of-the-matrix";

void Fill(const Question& question, ::usher::engine::v1::ReportRequest& request) {
  ExpectPlain(question);
  request.set_engine_id(kEngine);
  request.add_rooms()->set_room_id(question.target.room);
}

void Fill(const Question& question, ::usher::engine::v1::WatchCommandsRequest& request) {
  ExpectPlain(question);
  request.set_engine_id(kEngine);
}

void Fill(const Question& question, ::usher::engine::v1::AcknowledgeRequest& request) {
  ExpectPlain(question);
  request.set_engine_id(kEngine);
  request.add_command_ids(NewUuid());
}

void Fill(const Question& question, ::usher::engine::v1::FindRightsRequest& request) {
  ExpectPlain(question);
  request.add_rooms()->set_room_id(question.target.room);
}

using Filler = std::function<std::unique_ptr<Message>(const Question&)>;

template <class... Requests>
std::map<std::string, Filler> FillersOf() {
  std::map<std::string, Filler> fillers;
  (fillers.emplace(Requests::descriptor()->full_name(),
                   [](const Question& question) {
                     auto request = std::make_unique<Requests>();
                     Fill(question, *request);
                     return request;
                   }),
   ...);
  return fillers;
}

// By the type of the request: no two rpcs share one, but for the two names of the room service.
const std::map<std::string, Filler>& Fillers() {
  static const auto* const fillers = new std::map<std::string, Filler>(
      FillersOf< ::authentication::AuthenticationRequest, ::authentication::SignAccessTokenRequest,
                 ::common::AccessInfo, ::authentication::AccessTokenInformationRequest,
                 ::authentication::PasswordResetRequest,
                 ::authentication::ListAuthenticationsRequest,
                 ::authentication::AuthenticationCreateRequest,
                 ::authentication::AuthenticationUpdateRequest,
                 ::authentication::AuthenticationInformationRequest,
                 ::authentication::CompanyCreateRequest, ::user::UserListRequest,
                 ::user::UserCreateRequest, ::user::UserUpdateRequest, ::user::UserDestroyRequest,
                 ::user::UserProfileUpdateRequest, ::user::UserGetLocaleRequest,
                 ::companyService::CompanyListRequest, ::companyService::CompanyCreateRequest,
                 ::companyService::CompanyUpdateRequest, ::companyService::CompanyDestroyRequest,
                 ::companyService::CompanyAvailableRequest, ::roomService::RoomCreateRequest,
                 ::roomService::RoomUpdateRequest, ::roomService::RoomsUpdateRequest,
                 ::roomService::RoomListRequest, ::roomService::RoomDestroyRequest,
                 ::roomService::RoomStatusRequest, ::roomService::RoomPermissionsRequest,
                 ::roomService::CreateJoinLinkRequest, ::businessLogicService::FavoritesListRequest,
                 ::businessLogicService::FavoritesUpdateRequest,
                 ::businessLogicService::CompanyPermissionGroupsListRequest,
                 ::usher::audit::v1::ListRequest, ::usher::session::v1::EndAllRequest,
                 ::usher::engine::v1::ReportRequest, ::usher::engine::v1::WatchCommandsRequest,
                 ::usher::engine::v1::AcknowledgeRequest, ::usher::engine::v1::FindRightsRequest,
                 ::usher::businesslogic::v1::PutRequest, ::usher::businesslogic::v1::RemoveRequest,
                 ::common::ChatSendRequest, ::common::ChatHistoryRequest,
                 ::usher::chat::v1::WatchRequest>());
  return *fillers;
}

}  // namespace

std::unique_ptr<Message> RequestFor(const MethodDescriptor& method, const Question& question) {
  const auto found = Fillers().find(method.input_type()->full_name());
  if (found == Fillers().end()) {
    throw std::runtime_error("authorization_requests.cc knows nothing of " + method.full_name());
  }
  return found->second(question);
}

}  // namespace usher
