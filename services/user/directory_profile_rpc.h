// usher.internal.v1.DirectoryProfiles: profiles of people who come from a company's directory.
#pragma once

#include <usher/internal/v1/directory_profile.pb.h>

#include "common/rpc/call/service.h"
#include "common/rpc/gate/gate.h"
#include "services/user/users.h"

namespace usher::user {

class DirectoryProfileRpc final : public rpc::Service {
 public:
  DirectoryProfileRpc(rpc::Gate& gate, Users& users);

 private:
  absl::Status Ensure(const CallContext& call,
                      const ::usher::internal::v1::EnsureProfileRequest& request,
                      ::usher::internal::v1::EnsureProfileReply& reply);

  Users& users_;
};

}  // namespace usher::user
