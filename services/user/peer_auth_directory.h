// Asks auth over its internal port.
#pragma once

#include <optional>

#include "common/rpc/peer/peer.h"
#include "services/user/auth_directory.h"

namespace usher::user {

class PeerAuthDirectory final : public AuthDirectory {
 public:
  explicit PeerAuthDirectory(rpc::Peer& auth) : auth_(auth) {}

  absl::Status Ensure(const CallContext& call, const UserId& user,
                      const std::optional<OpaqueCredentials>& credentials) override;
  absl::StatusOr<bool> Settle(const CallContext& call, const UserKey& key) override;
  absl::Status Remove(const CallContext& call, const UserId& user) override;
  absl::StatusOr<bool> WasRemoved(const CallContext& call, const UserKey& key) override;
  absl::StatusOr<KnownUser> Get(const CallContext& call, const UserId& user) override;
  absl::Status UpdateMethods(const CallContext& call, const UserId& user,
                             const OpaqueCredentials& credentials) override;

 private:
  rpc::Peer& auth_;
};

}  // namespace usher::user
