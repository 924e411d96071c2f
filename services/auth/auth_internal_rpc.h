// usher.internal.v1.AuthInternal: what the other servers ask of auth.
#pragma once

#include <usher/internal/v1/auth.pb.h>

#include "common/rpc/call/service.h"
#include "common/rpc/gate/gate.h"
#include "services/auth/local_auth_source.h"
#include "services/auth/method/known_users.h"
#include "services/auth/session/tokens.h"

namespace usher::auth {

class AuthInternalRpc final : public rpc::Service {
 public:
  AuthInternalRpc(rpc::Gate& gate, KnownUsers& users, Tokens& tokens,
                  const LocalAuthSource& source);

 private:
  absl::Status EnsureUser(const Caller& caller,
                          const ::usher::internal::v1::EnsureUserRequest& request,
                          ::usher::internal::v1::EnsureUserReply& reply);
  absl::Status SettleUser(const CallContext& call,
                          const ::usher::internal::v1::SettleUserRequest& request,
                          ::usher::internal::v1::SettleUserReply& reply);
  absl::Status RemoveUser(const Caller& caller,
                          const ::usher::internal::v1::RemoveUserRequest& request,
                          ::usher::internal::v1::RemoveUserReply& reply);
  absl::Status FindRemovedUser(const CallContext& call,
                               const ::usher::internal::v1::FindRemovedUserRequest& request,
                               ::usher::internal::v1::FindRemovedUserReply& reply);
  absl::Status DescribeUser(const CallContext& call,
                            const ::usher::internal::v1::DescribeUserRequest& request,
                            ::usher::internal::v1::DescribeUserReply& reply);
  absl::Status SignJoinToken(const Caller& caller,
                             const ::usher::internal::v1::SignJoinTokenRequest& request,
                             ::usher::internal::v1::SignJoinTokenReply& reply);
  absl::Status ReadFeed(const CallContext& call,
                        const ::usher::internal::v1::ReadFeedRequest& request,
                        ::usher::internal::v1::ReadFeedReply& reply);
  absl::Status ListRevocations(const CallContext& call,
                               const ::usher::internal::v1::ListRevocationsRequest& request,
                               ::usher::internal::v1::ListRevocationsReply& reply);

  KnownUsers& users_;
  Tokens& tokens_;
  const LocalAuthSource& source_;
};

}  // namespace usher::auth
