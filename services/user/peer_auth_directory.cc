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

// NONE (999) stands for no permission.
PermissionSet PermissionsFromWire(const WirePermissions& wire) {
  PermissionSet set;
  for (const auto& [number, given] : wire) {
    if (given && number > 0 && number < 32) {
      set = set.Or(PermissionSet::FromMask(uint32_t{1} << number));
    }
  }
  return set;
}

}  // namespace

absl::Status PeerAuthDirectory::Ensure(const CallContext& call, const UserId& user,
                                       const Credentials* credentials) {
  ::usher::internal::v1::EnsureUserRequest request;
  *request.mutable_accessinfo() = rpc::Peer::OnBehalfOf(call);
  request.set_user_id(user.value());
  if (credentials != nullptr) *request.mutable_authenticationrequest() = *credentials;
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
  ::authentication::AuthenticationInformationRequest request;
  *request.mutable_accessinfo() = rpc::Peer::OnBehalfOf(call);
  request.set_userid(user.value());
  ASSIGN_OR_RETURN(
      const auto reply,
      auth_.Call<AuthenticationService>(
          Effect::kReads, call, &AuthenticationService::Stub::authenticationInformation, request));
  const auto& methods = reply.authenticationmethodinformation();
  KnownUser known;
  known.permissions = PermissionsFromWire(reply.permissions());
  // A method that is switched off may be switched on again.
  for (const auto& [type, method] : methods) {
    known.permissions = known.permissions.Or(PermissionsFromWire(method.permissions()));
  }
  known.only_guest = methods.size() == 1 && methods.contains("guest_access");
  return known;
}

absl::Status PeerAuthDirectory::UpdateMethods(const CallContext& call, const UserId& user,
                                              const Credentials& credentials) {
  ::authentication::AuthenticationUpdateRequest request;
  *request.mutable_accessinfo() = rpc::Peer::OnBehalfOf(call);
  request.set_userid(user.value());
  *request.mutable_authenticationrequest() = credentials;
  return auth_
      .Call<AuthenticationService>(Effect::kChanges, call,
                                   &AuthenticationService::Stub::authenticationUpdate, request)
      .status();
}

}  // namespace usher::user
