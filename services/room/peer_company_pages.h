// Asks company over its internal port.
#pragma once

#include <string>

#include "common/rpc/peer/peer.h"
#include "services/room/company_pages.h"

namespace usher::room {

class PeerCompanyPages final : public CompanyPages {
 public:
  explicit PeerCompanyPages(rpc::Peer& company) : company_(company) {}
  absl::StatusOr<std::string> JoinLinkBase(const CallContext& call,
                                           const CompanyId& company) override;

 private:
  rpc::Peer& company_;
};

}  // namespace usher::room
