#include "services/room/peer_join_token_signer.h"

#include "tests/support/contracts/join_token_signer_contract.h"
#include "tests/support/house_peer.h"
#include "tests/support/over_the_wire.h"

namespace usher::room {
namespace peer_join_token_signer_test {

class OnTheHouse : public OverTheWire {
 protected:
  JoinTokenSigner& signer() { return signer_; }
  Caller Signed(const ACaller& caller) { return SignedBy(house_, caller); }
  static token::AccessToken Read(const std::string& bytes) { return Claims(bytes); }

 private:
  rpc::Peer auth_{"auth", house_.Socket("auth", "internal"), CertificateOf(house_, "room")};
  PeerJoinTokenSigner signer_{auth_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(House, JoinTokenSignerContract, ::testing::Types<OnTheHouse>);

}  // namespace peer_join_token_signer_test
}  // namespace usher::room
