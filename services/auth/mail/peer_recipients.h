// People and companies, asked over the internal ports of the user and the company service.
#pragma once

#include "common/rpc/peer/peer.h"
#include "services/auth/mail/recipients.h"

namespace usher::auth {

class PeerRecipients final : public Recipients {
 public:
  PeerRecipients(rpc::Peer& user, rpc::Peer& company) : user_(user), company_(company) {}

  absl::StatusOr<std::optional<Recipient>> FindRecipient(const CallContext& call,
                                                         const CompanyId& company,
                                                         const UserId& user) override;
  absl::StatusOr<std::optional<std::string>> FindTitle(const CallContext& call,
                                                       const CompanyId& company) override;

 private:
  rpc::Peer& user_;
  rpc::Peer& company_;
};

}  // namespace usher::auth
