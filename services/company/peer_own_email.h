// The caller's e-mail address, asked of the user service with the caller's own token.
#pragma once

#include <string>

#include "common/rpc/peer/peer.h"
#include "services/company/companies.h"

namespace usher::company {

class PeerOwnEmail final : public OwnEmail {
 public:
  explicit PeerOwnEmail(rpc::Peer& user) : user_(user) {}
  absl::StatusOr<std::string> Of(const Caller& caller) override;

 private:
  rpc::Peer& user_;
};

}  // namespace usher::company
