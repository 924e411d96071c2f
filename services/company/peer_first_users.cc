#include "services/company/peer_first_users.h"

#include <usher/internal/v1/user.grpc.pb.h>

namespace usher::company {

using ::usher::internal::v1::UserInternal;

absl::Status PeerFirstUsers::Ensure(const CallContext& call, const CompanyId& company,
                                    const UserId& user, const std::string& profile) {
  ::usher::internal::v1::EnsureFirstUserRequest request;
  request.set_company_id(company.value());
  request.set_user_id(user.value());
  request.mutable_user()->ParseFromString(profile);
  return user_
      .Call<UserInternal>(rpc::Effect::kChanges, call, &UserInternal::Stub::ensureFirstUser,
                          request)
      .status();
}

}  // namespace usher::company
