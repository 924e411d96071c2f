// Every request message of every service: bytes as the message, and that as domain types.
#include <authentication/authenticationService.pb.h>
#include <businessLogicService/businessLogicService.pb.h>
#include <companyService/companyService.pb.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/message.h>
#include <roomService/roomService.pb.h>
#include <user/userService.pb.h>
#include <usher/internal/v1/auth.pb.h>
#include <usher/token/v1/claims.pb.h>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/permission/permission_wire.h"
#include "common/rpc/gate/request_hash.h"
#include "services/auth/auth_internal_wire.h"
#include "services/auth/method/method_wire.h"
#include "services/auth/session/sign_in_wire.h"
#include "services/business_logic/business_logic_wire.h"
#include "services/company/company_wire.h"
#include "services/room/room_wire.h"
#include "services/user/user_wire.h"
#include "tests/fuzz/property.h"

namespace {

using google::protobuf::Descriptor;
using google::protobuf::Message;

constexpr absl::string_view kServices[] = {"authentication.AuthenticationService",
                                           "user.UserService",
                                           "companyService.CompanyService",
                                           "roomService.roomService",
                                           "businessLogicService.BusinessLogicService",
                                           "usher.token.v1.KeyService",
                                           "usher.internal.v1.AuthInternal"};

std::vector<const Message*> Requests() {
  // Linked in whether anything else needs their descriptors or not.
  ::usher::internal::v1::SettleUserRequest::descriptor();
  ::usher::token::v1::Claims::descriptor();
  ::businessLogicService::FavoritesListRequest::descriptor();
  std::set<const Descriptor*> types;
  std::vector<const Message*> requests;
  for (const absl::string_view name : kServices) {
    const auto* service =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(std::string(name));
    usher::fuzz::Require(service != nullptr, "the services are there");
    for (int i = 0; i < service->method_count(); ++i) {
      const Descriptor* type = service->method(i)->input_type();
      if (!types.insert(type).second) continue;
      requests.push_back(google::protobuf::MessageFactory::generated_factory()->GetPrototype(type));
    }
  }
  return requests;
}

using Read = std::function<void(const Message&)>;

// `read` of messages of its own type.
template <class Request>
void On(std::map<const Descriptor*, Read>* reads, void (*read)(const Request&)) {
  (*reads)[Request::descriptor()] = [read](const Message& message) {
    read(static_cast<const Request&>(message));
  };
}

// What the bodies of the services do with their requests before anything else.
std::map<const Descriptor*, Read> Reads() {
  using namespace usher;
  std::map<const Descriptor*, Read> reads;
  On<::authentication::AuthenticationRequest>(&reads, [](const auto& request) {
    (void)auth::GrantFromWire(request);
    (void)auth::FromWire(request);
    (void)PermissionChangeFromWire(request.permissions());
  });
  On<::authentication::AuthenticationCreateRequest>(
      &reads, [](const auto& request) { (void)auth::FromWire(request.authenticationrequest()); });
  On<::authentication::AuthenticationUpdateRequest>(
      &reads, [](const auto& request) { (void)auth::FromWire(request); });
  On<::authentication::ListAuthenticationsRequest>(
      &reads, [](const auto& request) { (void)auth::FromWire(request); });
  On<::authentication::AuthenticationInformationRequest>(
      &reads, [](const auto& request) { (void)auth::FromWire(request); });
  On<::authentication::SignAccessTokenRequest>(
      &reads, [](const auto& request) { (void)auth::FromWire(request); });
  On<::usher::internal::v1::SettleUserRequest>(&reads, [](const auto& request) {
    (void)CompanyIdFromWire("company_id", request.company_id());
    (void)UserIdFromWire("user_id", request.user_id());
  });
  On<::user::UserListRequest>(&reads,
                              [](const auto& request) { (void)usher::user::FromWire(request); });
  On<::user::UserCreateRequest>(&reads, [](const auto& request) {
    (void)usher::user::FromWire(request.user());
    (void)usher::user::CredentialsFromWire(request.authenticationrequest());
  });
  On<::user::UserUpdateRequest>(&reads, [](const auto& request) {
    (void)usher::user::FromWire(request.user());
    (void)usher::user::CredentialsFromWire(request.authenticationrequest());
  });
  On<::user::UserProfileUpdateRequest>(
      &reads, [](const auto& request) { (void)usher::user::FromWire(request.userprofile()); });
  On<::companyService::CompanyListRequest>(
      &reads, [](const auto& request) { (void)company::FromWire(request); });
  On<::companyService::CompanyUpdateRequest>(&reads, [](const auto& request) {
    (void)CompanyIdFromWire("companyId", request.companyid());
    (void)company::FromWire(request.company());
  });
  On<::roomService::RoomCreateRequest>(&reads,
                                       [](const auto& request) { (void)room::FromWire(request); });
  On<::roomService::RoomUpdateRequest>(&reads,
                                       [](const auto& request) { (void)room::FromWire(request); });
  On<::roomService::RoomsUpdateRequest>(&reads,
                                        [](const auto& request) { (void)room::FromWire(request); });
  On<::roomService::RoomListRequest>(&reads,
                                     [](const auto& request) { (void)room::FromWire(request); });
  On<::roomService::RoomStatusRequest>(&reads, [](const auto& request) {
    (void)room::RoomIdsFromWire("roomIds", request.roomids());
  });
  On<::roomService::RoomPermissionsRequest>(&reads, [](const auto& request) {
    (void)room::UserFromWire("userId", request.userid());
    (void)RoomIdFromWire("roomId", request.roomid());
  });
  On<::businessLogicService::FavoritesUpdateRequest>(&reads, [](const auto& request) {
    (void)business_logic::OwnerFromWire(request.userid(), UserId());
    (void)business_logic::FromWire(request);
  });
  return reads;
}

}  // namespace

// The first byte chooses the message.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto* const requests = new std::vector<const Message*>(Requests());
  static const auto* const reads = new std::map<const Descriptor*, Read>(Reads());
  if (size == 0) return 0;
  const std::unique_ptr<Message> request((*requests)[data[0] % requests->size()]->New());
  if (!request->ParseFromArray(data + 1, static_cast<int>(size - 1))) return 0;
  usher::fuzz::Require(
      usher::rpc::RequestHash("rpc", *request) == usher::rpc::RequestHash("rpc", *request),
      "a request is the same as itself");
  const auto read = reads->find(request->GetDescriptor());
  if (read != reads->end()) read->second(*request);
  return 0;
}
