// usher.internal.v1.UserInternal: what the other servers ask.
#pragma once

#include <usher/internal/v1/user.pb.h>

#include "common/rpc/call/service.h"
#include "common/rpc/gate/gate.h"
#include "services/user/tenant_store.h"
#include "services/user/user_store.h"

namespace usher::user {

class UserInternalRpc final : public rpc::Service {
 public:
  UserInternalRpc(rpc::Gate& gate, TenantStore& tenants, UserStore& users);

 private:
  absl::Status EnsureFirstUser(const CallContext& call,
                               const ::usher::internal::v1::EnsureFirstUserRequest& request,
                               ::usher::internal::v1::EnsureFirstUserReply& reply);
  absl::Status DescribeProfile(const CallContext& call,
                               const ::usher::internal::v1::DescribeProfileRequest& request,
                               ::usher::internal::v1::DescribeProfileReply& reply);

  TenantStore& tenants_;
  UserStore& users_;
};

}  // namespace usher::user
