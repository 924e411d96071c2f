// Threats A10 to A13 of the security design, each by its number: rights in rooms that somebody
// gives themselves, presence that leaks, join links that carry too much, favorites of others.
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"
#include "tests/support/over_the_wire.h"

namespace usher {
namespace rooms_are_closed_test {

using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class RoomsAreClosed : public OverTheWire {
 protected:
  struct Somebody {
    std::string user;
    std::string token;
  };
  // Not known to auth, which nothing here asks.
  Somebody AMember(PermissionSet permissions = {}, const std::string& company = "acme",
                   bool guest = false) {
    token::AccessToken token;
    token.user = UserId(NewUuid());
    token.company = CompanyId(company);
    token.permissions = permissions;
    token.guest = guest;
    return {token.user.value(), house_.Sign(token)};
  }
  // A room of "acme" in which somebody has these rights.
  std::string ARoomWith(const std::string& user, RoomRights rights) {
    const std::string room = NewRoom();
    LetIn(room, user, rights);
    return room;
  }
  ::common::ReplyInfo Update(const std::string& token, const std::string& room,
                             const ::common::Room& change) {
    ::roomService::RoomUpdateRequest request;
    request.set_roomid(room);
    *request.mutable_room() = change;
    return Ask(&RoomStub::Update, As(token, request)).replyinfo();
  }
  static ::common::Room Giving(const std::string& user, void (::common::Permissions::*set)(bool)) {
    ::common::Room change;
    ((*change.mutable_permissions())[user].*set)(true);
    return change;
  }
  // As an administrator sees it.
  ::common::Room Get(const std::string& room) {
    ::roomService::RoomListRequest request;
    request.add_filterroomids(room);
    return Ask(&RoomStub::List, As(AdminOf("acme"), request)).rooms().at(room);
  }
  ::roomService::RoomPermissionsReply Permissions(const std::string& token, const std::string& room,
                                                  const std::string& user = "") {
    ::roomService::RoomPermissionsRequest request;
    request.set_roomid(room);
    request.set_userid(user);
    return Ask(&RoomStub::Permissions, As(token, request));
  }
  ::roomService::CreateJoinLinkReply Link(const std::string& token, const std::string& room) {
    ::roomService::CreateJoinLinkRequest request;
    request.set_roomid(room);
    return Ask(&RoomStub::CreateJoinLink, As(token, request));
  }
  ::roomService::RoomListReply List(const std::string& token) {
    return Ask(&RoomStub::List, As<::roomService::RoomListRequest>(token));
  }
};

TEST_F(RoomsAreClosed, A10WhoMayPromoteGivesNobodyARightByUpdate) {
  const Somebody member = AMember();
  const std::string room =
      ARoomWith(member.user, {RoomRight::kPromote, RoomRight::kJoin, RoomRight::kVoice});
  const ::common::Room before = Get(room);
  for (const auto set : {&::common::Permissions::set_admin, &::common::Permissions::set_voice}) {
    for (const std::string& user : {member.user, NewUuid()}) {
      EXPECT_EQ(Update(member.token, room, Giving(user, set)).statuscode(),
                ::common::INSUFFICIENT_PERMISSIONS);
    }
  }
  ::common::Room defaults;
  defaults.mutable_defaultpermissions()->set_role(::common::ROLE_ADMIN);
  EXPECT_EQ(Update(member.token, room, defaults).statuscode(), ::common::INSUFFICIENT_PERMISSIONS);
  EXPECT_THAT(Get(room), EqualsProto(before));
}

TEST_F(RoomsAreClosed, A10AParentIsARoomOfTheCompany) {
  const Somebody member = AMember({Permission::kRoomCreate});
  const std::string theirs = NewRoom("globex");
  const std::string own = ARoomWith(member.user, {RoomRight::kAdmin});
  ::common::Room below;
  below.set_displayname("below");
  below.set_parentid(theirs);
  EXPECT_EQ(Update(member.token, own, below).statuscode(), ::common::ROOM_NOT_FOUND);
  ::roomService::RoomCreateRequest create;
  *create.mutable_room() = below;
  EXPECT_THAT(Ask(&RoomStub::Create, As(member.token, create)), Answers(::common::ROOM_NOT_FOUND));
  ::roomService::RoomSortRequest sort;
  sort.add_roommoves()->set_roomid(own);
  sort.mutable_roommoves(0)->set_parentid(theirs);
  EXPECT_THAT(Ask(&RoomStub::Sort, As(member.token, sort)), Answers(::common::ROOM_NOT_FOUND));
  EXPECT_EQ(Get(own).parentid(), "");
}

TEST_F(RoomsAreClosed, A10AKeyThatIsNoUserChangesNothing) {
  const Somebody member = AMember();
  const std::string room = ARoomWith(member.user, {RoomRight::kAdmin});
  const ::common::Room before = Get(room);
  ::common::Room change = Giving("abc", &::common::Permissions::set_join);
  change.set_displayname("changed");
  (*change.mutable_permissions())[NewUuid()].set_admin(true);
  EXPECT_EQ(Update(member.token, room, change).statuscode(), ::common::USER_ID_INVALID);
  EXPECT_THAT(Get(room), EqualsProto(before));
}

TEST_F(RoomsAreClosed, A10AnEntryForSomebodyOfAnotherCompanyOpensNothingToThem) {
  const Somebody stranger = AMember({}, "globex");
  const std::string room = ARoomWith(stranger.user, {RoomRight::kAdmin});
  EXPECT_THAT(Permissions(stranger.token, room), Answers(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(Link(stranger.token, room), Answers(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(List(stranger.token).rooms(), Not(::testing::Contains(Key(room))));
  EXPECT_EQ(Update(stranger.token, room, Giving(NewUuid(), &::common::Permissions::set_join))
                .statuscode(),
            ::common::ROOM_NOT_FOUND);
}

TEST_F(RoomsAreClosed, A11RightsOfOthersAreToldToAdministratorsAlone) {
  const Somebody member = AMember();
  const std::string peer = NewUuid();
  const std::string room = ARoomWith(member.user, {RoomRight::kJoin});
  LetIn(room, peer, {RoomRight::kVoice});
  EXPECT_THAT(Permissions(member.token, room, peer), Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Permissions(AMember({Permission::kRoomList}).token, room, peer),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_TRUE(
      Permissions(AMember({Permission::kRoomAdmin}).token, room, peer).permissions().voice());
  LetIn(room, member.user, {RoomRight::kAdmin});
  EXPECT_TRUE(Permissions(member.token, room, peer).permissions().voice());
}

TEST_F(RoomsAreClosed, A11NobodyLearnsWhoIsInARoomThatTheyDoNotSee) {
  const Somebody member = AMember();
  const std::string own = ARoomWith(member.user, {RoomRight::kJoin});
  const std::string closed = NewRoom();
  const std::string theirs = NewRoom("globex");
  ::roomService::RoomStatusRequest request;
  for (const std::string& room : {own, closed, theirs}) request.add_roomids(room);
  EXPECT_THAT(Ask(&RoomStub::Status, As(member.token, request)).rooms(),
              UnorderedElementsAre(Key(own)));
  EXPECT_THAT(Ask(&RoomStub::Status, As(AMember({Permission::kRoomList}).token, request)).rooms(),
              UnorderedElementsAre(Key(own), Key(closed)));
}

TEST_F(RoomsAreClosed, A11AGuestSeesTheRoomOfTheirEntryAlone) {
  const Somebody guest =
      AMember({Permission::kRoomList, Permission::kRoomAdmin}, "acme", /*guest=*/true);
  const std::string own = ARoomWith(guest.user, {RoomRight::kJoin});
  const std::string open = NewRoom();
  ::common::Room defaults;
  defaults.mutable_defaultpermissions()->set_role(::common::ROLE_ADMIN);
  ASSERT_EQ(Update(AdminOf("acme"), open, defaults).statuscode(), ::common::OK);
  EXPECT_THAT(List(guest.token).rooms(), UnorderedElementsAre(Key(own)));
  EXPECT_THAT(Ask(&RoomStub::Status, As<::roomService::RoomStatusRequest>(guest.token)).rooms(),
              UnorderedElementsAre(Key(own)));
  EXPECT_THAT(Permissions(guest.token, open), Answers(::common::ROOM_NOT_FOUND));
}

// What every rpc answers to such a token: tests/conformance/closed_methods_test.cc.
TEST_F(RoomsAreClosed, A12AJoinLinkCarriesATokenForItsRoomAndNothingOfTheCallers) {
  token::AccessToken caller;
  caller.user = UserId(NewUuid());
  caller.company = CompanyId("acme");
  caller.permissions = {Permission::kUserAdmin, Permission::kRoomList};
  const std::string own = house_.Sign(caller);
  const std::string room = ARoomWith(caller.user.value(), {RoomRight::kJoin, RoomRight::kAdmin});
  const auto link = Link(own, room);
  ASSERT_THAT(link, Answers(::common::OK));
  const std::vector<std::string> parts = absl::StrSplit(link.joinlink(), '#');
  ASSERT_EQ(parts.size(), 2u);
  std::string joining;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(parts[1], &joining));
  EXPECT_NE(joining, own);
  const token::AccessToken claims = Claims(joining);
  EXPECT_EQ(claims.type, token::TokenType::kJoin);
  EXPECT_EQ(claims.user, caller.user);
  EXPECT_EQ(claims.only_room, RoomId(room));
  EXPECT_EQ(claims.permissions, PermissionSet());
  EXPECT_TRUE(claims.extension_disallowed);
  EXPECT_FALSE(claims.room_admin);
  EXPECT_LE(claims.expires_at, Claims(own).expires_at);

  // Its one room, for reading; and nothing of it is changed, although its user is admin there.
  EXPECT_THAT(List(joining).rooms(), UnorderedElementsAre(Key(room)));
  const auto refused = Answers(::common::AUTHENTICATION_ERROR);
  ::common::Room change;
  change.set_displayname("changed");
  EXPECT_EQ(Update(joining, room, change).statuscode(), ::common::AUTHENTICATION_ERROR);
  EXPECT_THAT(Link(joining, room), refused);
  ::roomService::RoomSortRequest sort;
  sort.add_roommoves()->set_roomid(room);
  EXPECT_THAT(Ask(&RoomStub::Sort, As(joining, sort)), refused);
  ::roomService::RoomDestroyRequest destroy;
  destroy.set_roomid(room);
  EXPECT_THAT(Ask(&RoomStub::Destroy, As(joining, destroy)), refused);
  ::roomService::RoomsUpdateRequest bulk;
  bulk.add_roomstoupdate()->set_roomid(room);
  EXPECT_THAT(Ask(&RoomStub::UpdateRooms, As(joining, bulk)), refused);
  ::authentication::SignAccessTokenRequest sign;
  sign.mutable_accesstoken()->set_userid(caller.user.value());
  EXPECT_THAT(Ask(&AuthStub::signAccessToken, As(joining, sign)), refused);
  ::user::UserDestroyRequest removal;
  removal.set_userid(NewUuid());
  EXPECT_THAT(Ask(&UserStub::userDestroy, As(joining, removal)), refused);
  EXPECT_EQ(Get(room).displayname(), "room");
}

TEST_F(RoomsAreClosed, A12AJoinLinkTakesJoinInARoomOfTheCompany) {
  const Somebody member = AMember();
  EXPECT_THAT(Link(member.token, ARoomWith(member.user, {RoomRight::kVoice})),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Link(member.token, NewRoom("globex")), Answers(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(Link(member.token, NewUuid()), Answers(::common::ROOM_NOT_FOUND));
}

TEST_F(RoomsAreClosed, A13FavoritesOfAUserOfAnotherCompanyAreNobodys) {
  const Account theirs = NewAccountIn("globex");
  ::businessLogicService::FavoritesListRequest list;
  list.set_userid(theirs.user);
  EXPECT_THAT(Ask(&BusinessLogicStub::favoritesList, As(AdminOf("acme"), list)),
              Answers(::common::NOT_FOUND));
  ::businessLogicService::FavoritesUpdateRequest update;
  update.set_userid(theirs.user);
  (*update.mutable_roomids())[NewRoom()] = true;
  EXPECT_THAT(Ask(&BusinessLogicStub::favoritesUpdate, As(AdminOf("acme"), update)),
              Answers(::common::NOT_FOUND));
}

TEST_F(RoomsAreClosed, A13ARoomOfAnotherCompanyIsNoMoreAFavoriteThanOneThatDoesNotExist) {
  const Account account = NewAccount({Permission::kRoomList});
  const std::string token = SignIn(account).access_token;
  const auto add = [&](const std::string& room) {
    ::businessLogicService::FavoritesUpdateRequest request;
    (*request.mutable_roomids())[room] = true;
    return Ask(&BusinessLogicStub::favoritesUpdate, As(token, request)).replyinfo();
  };
  const std::string theirs = NewRoom("globex");
  const std::string nowhere = NewUuid();
  ::common::ReplyInfo of_theirs = add(theirs);
  ::common::ReplyInfo of_nowhere = add(nowhere);
  EXPECT_EQ(of_theirs.statuscode(), ::common::ROOM_NOT_FOUND);
  EXPECT_EQ(of_theirs.statuscode(), of_nowhere.statuscode());
  // But for the ID that the client wrote itself.
  const std::vector<std::string> first = absl::StrSplit(of_theirs.statusmessage(), theirs);
  const std::vector<std::string> second = absl::StrSplit(of_nowhere.statusmessage(), nowhere);
  EXPECT_EQ(first, second);
  EXPECT_THAT(Ask(&BusinessLogicStub::favoritesList,
                  As<::businessLogicService::FavoritesListRequest>(token))
                  .roomids(),
              IsEmpty());
}

}  // namespace rooms_are_closed_test
}  // namespace usher
