#include "services/room/engine/peer_profile_names.h"

#include "tests/support/contracts/profile_names_contract.h"
#include "tests/support/house_peer.h"
#include "tests/support/over_the_wire.h"

namespace usher::room {
namespace peer_profile_names_test {

class OnTheHouse : public OverTheWire {
 protected:
  ProfileNames& names() { return names_; }
  UserId Make(const std::string& firstname, const std::string& lastname) {
    ::user::UserCreateRequest request;
    request.mutable_user()->set_email(NewUuid() + "@acme.example");
    request.mutable_user()->mutable_userprofile()->set_firstname(firstname);
    request.mutable_user()->mutable_userprofile()->set_lastname(lastname);
    const auto reply = Ask(&UserStub::userCreate, As(AdminOf("acme"), request));
    EXPECT_THAT(reply, Answers(::common::OK));
    return UserId(reply.userid());
  }

 private:
  rpc::Peer user_{"user", house_.Socket("user", "internal"), CertificateOf(house_, "room")};
  PeerProfileNames names_{user_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(House, ProfileNamesContract, ::testing::Types<OnTheHouse>);

}  // namespace peer_profile_names_test
}  // namespace usher::room
