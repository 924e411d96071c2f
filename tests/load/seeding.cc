#include "tests/load/seeding.h"

#include <authentication/authenticationService.grpc.pb.h>
#include <companyService/companyService.grpc.pb.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <roomService/roomService.grpc.pb.h>
#include <sodium.h>
#include <user/userService.grpc.pb.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/id.h"
#include "common/base/secret.h"
#include "common/status/try.h"
#include "tests/support/credentials.h"

namespace usher::load {
namespace {

using ::authentication::AuthenticationReply;
using ::authentication::AuthenticationRequest;
using ::authentication::AuthenticationService;
using ::companyService::CompanyService;
using ::roomService::RoomService;
using ::user::UserService;

constexpr int kEntriesPerRoom = 5;
constexpr int kRoomsOfNeighbor = 4;

absl::Status Judge(const std::string& what, const grpc::Status& status,
                   const ::common::ReplyInfo& info) {
  if (!status.ok()) return absl::UnavailableError(absl::StrCat(what, ": ", status.error_message()));
  if (info.statuscode() == ::common::OK) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      what, ": ", ::common::ReplyStatusCode_Name(info.statuscode()), ", ", info.statusmessage()));
}

void SetDeadline(grpc::ClientContext* context) {
  context->set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
}

template <class Service>
std::unique_ptr<typename Service::Stub> StubAt(const std::string& address) {
  return Service::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
}

class Seeding {
 public:
  explicit Seeding(const SeedOptions& options)
      : options_(options),
        auth_(StubAt<AuthenticationService>(options.auth_address)),
        users_(StubAt<UserService>(options.user_address)),
        companies_(StubAt<CompanyService>(options.company_address)),
        rooms_(StubAt<RoomService>(options.room_address)),
        run_(Base64Url(Secret::Random(4).Reveal())) {}

  absl::StatusOr<v1::Seed> Run() {
    seed_.set_company_id(options_.company_id);
    ASSIGN_OR_RETURN(*seed_.mutable_administrator_token(),
                     SignIn(WithCode(options_.company_id, options_.client_id, options_.code)));
    for (int i = 0; i < options_.people; ++i) RETURN_IF_ERROR(AddPerson(i));
    for (int i = 0; i < options_.rooms; ++i) RETURN_IF_ERROR(AddRoom(i));
    RETURN_IF_ERROR(AddNeighbors());
    return seed_;
  }

 private:
  template <class Request>
  void SetAccess(Request* request) const {
    SetAccess(seed_.administrator_token(), request);
  }

  template <class Request>
  static void SetAccess(const std::string& token, Request* request) {
    request->mutable_accessinfo()->set_requestid(NewUuid());
    request->mutable_accessinfo()->set_accesstoken(token);
  }

  absl::StatusOr<std::string> SignIn(const AuthenticationRequest& request) {
    AuthenticationReply reply;
    grpc::ClientContext context;
    SetDeadline(&context);
    const grpc::Status status = auth_->authenticate(&context, request, &reply);
    RETURN_IF_ERROR(Judge("authenticate", status, reply.replyinfo()));
    return reply.accesstoken();
  }

  absl::Status AddPerson(int number) {
    v1::Seed::Person person;
    // Every run its own names: a second one may work on the same company.
    person.set_username(absl::StrCat("load-", run_, "-", number));
    person.set_password(Base64Url(Secret::Random(18).Reveal()));
    person.set_client_id(absl::StrCat("load-key-", run_, "-", number));
    person.set_code(Base64Url(Secret::Random(32).Reveal()));
    RETURN_IF_ERROR(CreateUser(&person));
    RETURN_IF_ERROR(AddKey(person));
    // Not by the key: whose passes sign in by it so often that its first sessions end.
    ASSIGN_OR_RETURN(
        *person.mutable_token(),
        SignIn(WithPassword(options_.company_id, person.username(), person.password())));
    *seed_.add_people() = std::move(person);
    return absl::OkStatus();
  }

  absl::Status CreateUser(v1::Seed::Person* person) {
    ::user::UserCreateRequest request;
    SetAccess(&request);
    request.mutable_user()->set_email(absl::StrCat(person->username(), "@example.org"));
    request.mutable_user()->mutable_userprofile()->set_firstname("Ada");
    request.mutable_user()->mutable_userprofile()->set_lastname(person->username());
    *request.mutable_authenticationrequest() =
        WithPassword("", person->username(), person->password());
    ::user::UserCreateReply reply;
    grpc::ClientContext context;
    SetDeadline(&context);
    const grpc::Status status = users_->userCreate(&context, request, &reply);
    RETURN_IF_ERROR(Judge("userCreate", status, reply.replyinfo()));
    person->set_user_id(reply.userid());
    return absl::OkStatus();
  }

  absl::Status AddKey(const v1::Seed::Person& person) {
    ::authentication::AuthenticationUpdateRequest request;
    SetAccess(&request);
    request.set_userid(person.user_id());
    *request.mutable_authenticationrequest() = WithCode("", person.client_id(), person.code());
    ::common::ReplyInfo reply;
    grpc::ClientContext context;
    SetDeadline(&context);
    const grpc::Status status = auth_->authenticationUpdate(&context, request, &reply);
    return Judge("authenticationUpdate", status, reply);
  }

  absl::Status AddRoom(int number) {
    ::roomService::RoomCreateRequest request;
    SetAccess(&request);
    ::common::Room& room = *request.mutable_room();
    room.set_displayname(absl::StrCat("Seminar room ", number));
    room.mutable_quotas()->set_activeparticipants(50);
    (*room.mutable_metadata())["building"] = "North";
    (*room.mutable_metadata())["guestId"] = NewUuid();
    for (uint32_t i = 0; i < 1 + static_cast<uint32_t>(number) % 2; ++i) {
      ::common::SubRoom& sub_room = (*room.mutable_subrooms())[NewUuid()];
      sub_room.set_displayname(absl::StrCat("Group ", i + 1));
      sub_room.set_sort(i);
    }
    for (int i = 0; i < kEntriesPerRoom; ++i) {
      const int person = (number + i * 11) % seed_.people_size();
      ::common::Permissions& entry = (*room.mutable_permissions())[seed_.people(person).user_id()];
      for (const auto set : {&::common::Permissions::set_join, &::common::Permissions::set_voice,
                             &::common::Permissions::set_video, &::common::Permissions::set_chat,
                             &::common::Permissions::set_screen}) {
        (entry.*set)(true);
      }
    }
    room.mutable_defaultpermissions()->set_join(true);
    room.mutable_defaultpermissions()->set_chat(true);
    ASSIGN_OR_RETURN(*seed_.add_room_ids(), CreateRoom(request));
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> CreateRoom(const ::roomService::RoomCreateRequest& request) {
    ::roomService::RoomCreateReply reply;
    grpc::ClientContext context;
    SetDeadline(&context);
    const grpc::Status status = rooms_->Create(&context, request, &reply);
    RETURN_IF_ERROR(Judge("Create", status, reply.replyinfo()));
    return reply.roomid();
  }

  absl::Status AddNeighbors() {
    if (options_.neighbors == 0) return absl::OkStatus();
    ASSIGN_OR_RETURN(
        const std::string founder,
        SignIn(WithPassword(options_.company_id, options_.username, options_.password)));
    for (int i = 0; i < options_.neighbors; ++i) RETURN_IF_ERROR(AddNeighbor(founder, i));
    return absl::OkStatus();
  }

  absl::Status AddNeighbor(const std::string& founder, int number) {
    const std::string client_id = absl::StrCat("load-key-", run_, "-", number);
    const std::string code = Base64Url(Secret::Random(32).Reveal());
    ::companyService::CompanyCreateRequest request;
    SetAccess(founder, &request);
    request.mutable_company()->set_displayname(absl::StrCat("Neighbor ", run_, " ", number));
    auto& first = *request.mutable_usercreaterequest();
    first.mutable_user()->set_email("neighbor@example.org");
    first.mutable_user()->mutable_userprofile()->set_firstname("Mia");
    *first.mutable_authenticationrequest() = WithCode("", client_id, code);
    ::companyService::CompanyCreateReply reply;
    grpc::ClientContext context;
    SetDeadline(&context);
    const grpc::Status status = companies_->companyCreate(&context, request, &reply);
    RETURN_IF_ERROR(Judge("companyCreate", status, reply.replyinfo()));
    v1::Seed& neighbor = *seed_.add_neighbors();
    neighbor.set_company_id(reply.companyid());
    ASSIGN_OR_RETURN(*neighbor.mutable_administrator_token(),
                     SignIn(WithCode(reply.companyid(), client_id, code)));
    for (int i = 0; i < kRoomsOfNeighbor; ++i) {
      ::roomService::RoomCreateRequest room;
      SetAccess(neighbor.administrator_token(), &room);
      room.mutable_room()->set_displayname(absl::StrCat("Next door ", i));
      ASSIGN_OR_RETURN(*neighbor.add_room_ids(), CreateRoom(room));
    }
    return absl::OkStatus();
  }

  const SeedOptions& options_;
  const std::unique_ptr<AuthenticationService::Stub> auth_;
  const std::unique_ptr<UserService::Stub> users_;
  const std::unique_ptr<CompanyService::Stub> companies_;
  const std::unique_ptr<RoomService::Stub> rooms_;
  const std::string run_;
  v1::Seed seed_;
};

}  // namespace

absl::StatusOr<v1::Seed> SeedCompany(const SeedOptions& options) { return Seeding(options).Run(); }

}  // namespace usher::load
