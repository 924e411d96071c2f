// What auth and the room service say to business logic.
#include "services/business_logic/peer_known_users.h"
#include "services/business_logic/peer_visible_rooms.h"
#include "tests/support/contracts/known_users_contract.h"
#include "tests/support/contracts/visible_rooms_contract.h"
#include "tests/support/house_peer.h"
#include "tests/support/over_the_wire.h"

namespace usher::business_logic {
namespace peers_test {

class UsersOfTheHouse : public OverTheWire {
 protected:
  KnownUsers& users() { return users_; }
  Caller Administrator() {
    return SignedBy(house_, ACaller().As(NewUuid()).With(Permission::kUserAdmin));
  }
  UserId Make(PermissionSet permissions, bool guest) {
    return UserId(guest ? NewGuest() : NewAccount(permissions).user);
  }
  UserId MakeElsewhere() { return UserId(NewAccountIn("globex").user); }

 private:
  std::string NewGuest() {
    ::authentication::AuthenticationCreateRequest request;
    auto& credentials = *request.mutable_authenticationrequest()->mutable_guestaccesscredentials();
    credentials.set_code("guest code");
    credentials.set_roomid(NewRoom());
    const auto reply = Ask(&AuthStub::authenticationCreate, As(AdminOf("acme"), request));
    EXPECT_THAT(reply, Answers(::common::OK));
    return reply.userid();
  }

  rpc::Peer auth_{"auth", house_.Socket("auth", "internal"),
                  CertificateOf(house_, "business-logic")};
  PeerKnownUsers users_{auth_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(House, KnownUsersContract, ::testing::Types<UsersOfTheHouse>);

class RoomsOfTheHouse : public OverTheWire {
 protected:
  VisibleRooms& rooms() { return rooms_; }
  Caller Member() { return SignedBy(house_, ACaller().As(NewUuid())); }
  RoomId Make() { return RoomId(NewRoom()); }
  RoomId MakeElsewhere() { return RoomId(NewRoom("globex")); }
  void Admit(const RoomId& room, const UserId& user) {
    LetIn(room.value(), user.value(), {RoomRight::kJoin});
  }

 private:
  rpc::Peer room_{"room", house_.Socket("room", "internal"),
                  CertificateOf(house_, "business-logic")};
  PeerVisibleRooms rooms_{room_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(House, VisibleRoomsContract, ::testing::Types<RoomsOfTheHouse>);

}  // namespace peers_test
}  // namespace usher::business_logic
