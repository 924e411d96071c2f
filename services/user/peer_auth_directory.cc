#include "services/user/peer_auth_directory.h"

#include <authentication/authenticationService.grpc.pb.h>
#include <usher/internal/v1/auth.grpc.pb.h>

#include "common/permission/permission_wire.h"
#include "common/status/try.h"

namespace usher::user {
namespace {

using ::authentication::AuthenticationService;
using rpc::Effect;
using ::usher::internal::v1::AuthInternal;

// CredentialsFromWire wrote the bytes out of such a message.
absl::Status Open(const OpaqueCredentials& credentials,
                  ::authentication::AuthenticationRequest* request) {
  const absl::string_view bytes = credentials.bytes.Reveal();
  const bool read = request->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  return read ? absl::OkStatus() : absl::InternalError("credentials cannot be read again");
}

}  // namespace

absl::Status PeerAuthDirectory::Ensure(const CallContext& call, const UserId& user,
                                       const std::optional<OpaqueCredentials>& credentials) {
  ::usher::internal::v1::EnsureUserRequest request;
  *request.mutable_accessinfo() = rpc::Peer::OnBehalfOf(call);
  request.set_user_id(user.value());
  if (credentials.has_value()) {
    RETURN_IF_ERROR(Open(*credentials, request.mutable_authenticationrequest()));
  }
  return auth_.Call<AuthInternal>(Effect::kChanges, call, &AuthInternal::Stub::ensureUser, request)
      .status();
}

absl::StatusOr<bool> PeerAuthDirectory::Settle(const CallContext& call, const UserKey& key) {
  ::usher::internal::v1::SettleUserRequest request;
  request.set_company_id(key.company.value());
  request.set_user_id(key.user.value());
  ASSIGN_OR_RETURN(
      const auto reply,
      auth_.Call<AuthInternal>(Effect::kChanges, call, &AuthInternal::Stub::settleUser, request));
  return reply.exists();
}

absl::Status PeerAuthDirectory::Remove(const CallContext& call, const UserId& user) {
  ::usher::internal::v1::RemoveUserRequest request;
  *request.mutable_accessinfo() = rpc::Peer::OnBehalfOf(call);
  request.set_user_id(user.value());
  return auth_.Call<AuthInternal>(Effect::kChanges, call, &AuthInternal::Stub::removeUser, request)
      .status();
}

absl::StatusOr<bool> PeerAuthDirectory::WasRemoved(const CallContext& call, const UserKey& key) {
  ::usher::internal::v1::FindRemovedUserRequest request;
  request.set_company_id(key.company.value());
  request.set_user_id(key.user.value());
  ASSIGN_OR_RETURN(const auto reply,
                   auth_.Call<AuthInternal>(Effect::kReads, call,
                                            &AuthInternal::Stub::findRemovedUser, request));
  return reply.removed();
}

absl::StatusOr<KnownUser> PeerAuthDirectory::Get(const CallContext& call, const UserId& user) {
  ::usher::internal::v1::DescribeUserRequest request;
  request.set_company_id(call.company.value());
  request.set_user_id(user.value());
  ASSIGN_OR_RETURN(
      const auto reply,
      auth_.Call<AuthInternal>(Effect::kReads, call, &AuthInternal::Stub::describeUser, request));
  return KnownUser{.held = PermissionsFromWire(reply.held()), .guest = reply.guest()};
}

absl::Status PeerAuthDirectory::UpdateMethods(const CallContext& call, const UserId& user,
                                              const OpaqueCredentials& credentials) {
  ::authentication::AuthenticationUpdateRequest request;
  *request.mutable_accessinfo() = rpc::Peer::OnBehalfOf(call);
  request.set_userid(user.value());
  RETURN_IF_ERROR(Open(credentials, request.mutable_authenticationrequest()));
  return auth_
      .Call<AuthenticationService>(Effect::kChanges, call,
                                   &AuthenticationService::Stub::authenticationUpdate, request)
      .status();
}

}  // namespace usher::user
