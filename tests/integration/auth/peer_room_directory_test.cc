#include "services/auth/method/peer_room_directory.h"

#include "tests/support/contracts/room_directory_contract.h"
#include "tests/support/house_peer.h"
#include "tests/support/over_the_wire.h"

namespace usher::auth {
namespace peer_room_directory_test {

class OnTheHouse : public OverTheWire {
 protected:
  RoomDirectory& rooms() { return rooms_; }
  Caller Signed(const ACaller& caller) { return SignedBy(house_, caller); }
  RoomId Make(RoomRights by_default) {
    const std::string room = NewRoom();
    ::roomService::RoomUpdateRequest request;
    request.set_roomid(room);
    RoomRightsToWire(by_default, request.mutable_room()->mutable_defaultpermissions());
    EXPECT_THAT(Ask(&RoomStub::Update, As(AdminOf("acme"), request)), Answers(::common::OK));
    return RoomId(room);
  }
  RoomId MakeElsewhere() { return RoomId(NewRoom("globex")); }
  void Admit(const RoomId& room, const UserId& user, RoomRights rights) {
    LetIn(room.value(), user.value(), rights);
  }

 private:
  rpc::Peer room_{"room", house_.Socket("room", "internal"), CertificateOf(house_, "auth")};
  PeerRoomDirectory rooms_{room_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(House, RoomDirectoryContract, ::testing::Types<OnTheHouse>);

}  // namespace peer_room_directory_test
}  // namespace usher::auth
