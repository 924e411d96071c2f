// BusinessLogicService as its clients see it.
#include <usher/businesslogic/v1/permission_groups.grpc.pb.h>

#include "absl/strings/ascii.h"
#include "tests/support/over_the_wire.h"

namespace usher {
namespace business_logic_over_the_wire_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::UnorderedElementsAre;

using GroupStub = ::usher::businesslogic::v1::PermissionGroupService::Stub;

class BusinessLogicOverTheWire : public OverTheWire {
 protected:
  // Who sees all rooms of "acme".
  static token::AccessToken AUser(PermissionSet permissions = {Permission::kRoomList}) {
    token::AccessToken token;
    token.user = UserId(NewUuid());
    token.company = CompanyId("acme");
    token.permissions = permissions;
    return token;
  }
  ::businessLogicService::FavoritesListReply List(const std::string& token,
                                                  const std::string& user = "") {
    ::businessLogicService::FavoritesListRequest request;
    request.set_userid(user);
    return Ask(&BusinessLogicStub::favoritesList, As(token, request));
  }
  ::businessLogicService::FavoritesUpdateReply Update(const std::string& token,
                                                      const std::map<std::string, bool>& rooms,
                                                      const std::string& user = "") {
    ::businessLogicService::FavoritesUpdateRequest request;
    request.set_userid(user);
    request.mutable_roomids()->insert(rooms.begin(), rooms.end());
    return Ask(&BusinessLogicStub::favoritesUpdate, As(token, request));
  }
  template <class Request, class Reply>
  Reply AskGroups(Rpc<GroupStub, Request, Reply> rpc, const Request& request) {
    const auto stub = ::usher::businesslogic::v1::PermissionGroupService::NewStub(
        house_.channel("business-logic"));
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    Reply reply;
    const grpc::Status status = (*stub.*rpc)(&context, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_code() << " " << status.error_message();
    return reply;
  }
  ::usher::businesslogic::v1::PutReply Put(const std::string& token, const std::string& id,
                                           const std::string& name, uint32_t order = 7) {
    ::usher::businesslogic::v1::PutRequest request;
    request.set_group_id(id);
    request.mutable_group()->set_name(name);
    request.mutable_group()->set_order(order);
    request.mutable_group()->mutable_permissions()->set_join(true);
    return AskGroups(&GroupStub::put, As(token, request));
  }
  ::usher::businesslogic::v1::RemoveReply Remove(const std::string& token, const std::string& id) {
    ::usher::businesslogic::v1::RemoveRequest request;
    request.set_group_id(id);
    return AskGroups(&GroupStub::remove, As(token, request));
  }
  ::businessLogicService::CompanyPermissionGroupsListReply Groups(const std::string& token) {
    return Ask(&BusinessLogicStub::permissionGroupsList,
               As<::businessLogicService::CompanyPermissionGroupsListRequest>(token));
  }
};

TEST_F(BusinessLogicOverTheWire, FavoritesStandInTheOrderInWhichTheyWereAdded) {
  const std::string token = house_.Sign(AUser());
  const std::string first = NewRoom(), second = NewRoom(), third = NewRoom();
  EXPECT_THAT(List(token), Answers(::common::OK));
  EXPECT_THAT(List(token).roomids(), IsEmpty());
  EXPECT_THAT(Update(token, {{third, true}}), Answers(::common::OK));
  EXPECT_THAT(Update(token, {{absl::AsciiStrToUpper(first), true}, {second, true}}),
              Answers(::common::OK));
  EXPECT_THAT(Update(token, {{third, true}}), Answers(::common::OK));
  EXPECT_THAT(List(token).roomids(), ElementsAre(third, first, second));
  EXPECT_THAT(Update(token, {{first, false}}), Answers(::common::OK));
  EXPECT_THAT(List(token).roomids(), ElementsAre(third, second));
}

TEST_F(BusinessLogicOverTheWire, FavoritesAreForOneselfAndForUserAdmin) {
  const Account account = NewAccount({Permission::kRoomList});
  const std::string own = SignIn(account).access_token;
  const std::string room = NewRoom();
  ASSERT_THAT(Update(own, {{room, true}}, account.user), Answers(::common::OK));
  const std::string stranger = house_.Sign(AUser({Permission::kRoomAdmin, Permission::kUserList}));
  EXPECT_THAT(List(stranger, account.user), Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Update(stranger, {{room, false}}, account.user),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(List(own).roomids(), ElementsAre(room));
  EXPECT_THAT(List(AdminOf("acme"), account.user).roomids(), ElementsAre(room));
  EXPECT_THAT(Update(AdminOf("acme"), {{room, false}}, account.user), Answers(::common::OK));
  EXPECT_THAT(List(own).roomids(), IsEmpty());
}

// B8: they were those that the administrator sees.
TEST_F(BusinessLogicOverTheWire, FavoritesOfSomebodyElseAreRoomsThatThatUserSees) {
  const Account account = NewAccount();
  const std::string own = SignIn(account).access_token;
  const std::string closed = NewRoom(), joined = NewRoom();
  LetIn(joined, account.user, {RoomRight::kJoin});
  EXPECT_THAT(Update(AdminOf("acme"), {{closed, true}}, account.user),
              Answers(::common::ROOM_NOT_FOUND));
  const std::string small_administrator = house_.Sign(AUser({Permission::kUserAdmin}));
  EXPECT_THAT(Update(small_administrator, {{closed, true}}, account.user),
              Answers(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(Update(small_administrator, {{joined, true}}, account.user), Answers(::common::OK));
  for (const std::string& token : {own, small_administrator, AdminOf("acme")}) {
    EXPECT_THAT(List(token, account.user).roomids(), ElementsAre(joined));
  }
  LetIn(joined, account.user, {});
  for (const std::string& token : {own, small_administrator, AdminOf("acme")}) {
    EXPECT_THAT(List(token, account.user).roomids(), IsEmpty());
  }
}

TEST_F(BusinessLogicOverTheWire, AnotherCompanysAdministratorSeesAndChangesNothing) {
  const Account account = NewAccount({Permission::kRoomList});
  const std::string own = SignIn(account).access_token;
  const std::string room = NewRoom();
  ASSERT_THAT(Update(own, {{room, true}}), Answers(::common::OK));
  EXPECT_THAT(List(AdminOf("globex"), account.user).roomids(), IsEmpty());
  Update(AdminOf("globex"), {{room, false}}, account.user);
  EXPECT_THAT(Update(AdminOf("globex"), {{room, true}}), Answers(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(List(own).roomids(), ElementsAre(room));
}

TEST_F(BusinessLogicOverTheWire, GuestsHaveNoFavorites) {
  EXPECT_THAT(List(GuestToken()), Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Update(GuestToken(), {{NewRoom(), true}}),
              Answers(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(BusinessLogicOverTheWire, ARoomThatTheCallerCannotSeeIsNotFound) {
  const token::AccessToken user = AUser({});
  const std::string token = house_.Sign(user);
  const std::string hidden = NewRoom(), seen = NewRoom();
  LetIn(seen, user.user.value(), {RoomRight::kJoin});
  for (const std::string& room : {hidden, NewRoom("globex"), NewUuid()}) {
    const auto refused = Update(token, {{seen, true}, {room, true}});
    EXPECT_THAT(refused, Answers(::common::ROOM_NOT_FOUND));
    EXPECT_THAT(refused.replyinfo().statusmessage(), HasSubstr(room));
  }
  EXPECT_THAT(List(token).roomids(), IsEmpty());
  EXPECT_THAT(Update(token, {{seen, true}, {hidden, false}}), Answers(::common::OK));
  EXPECT_THAT(List(token).roomids(), ElementsAre(seen));
}

TEST_F(BusinessLogicOverTheWire, ADestroyedRoomIsNobodysFavorite) {
  const std::string token = house_.Sign(AUser());
  const std::string gone = NewRoom(), stays = NewRoom();
  ASSERT_THAT(Update(token, {{gone, true}, {stays, true}}), Answers(::common::OK));
  ::roomService::RoomDestroyRequest destroy;
  destroy.set_roomid(gone);
  ASSERT_THAT(Ask(&RoomStub::Destroy, As(AdminOf("acme"), destroy)), Answers(::common::OK));
  EXPECT_THAT(List(token).roomids(), ElementsAre(stays));
}

TEST_F(BusinessLogicOverTheWire, UpdateRefusesWhatIsMissingMalformedOrTooMuch) {
  const std::string token = house_.Sign(AUser());
  EXPECT_THAT(Update(token, {}), Answers(::common::REQUEST_EMPTY));
  EXPECT_THAT(Update(token, {{"abc", true}}), Answers(::common::ROOM_ID_INVALID));
  EXPECT_THAT(Update(token, {{NewRoom(), true}}, "abc"), Answers(::common::USER_ID_INVALID));
  EXPECT_THAT(List(token, "abc"), Answers(::common::USER_ID_INVALID));
  const std::string room = absl::AsciiStrToLower(NewRoom());
  EXPECT_THAT(Update(token, {{room, true}, {absl::AsciiStrToUpper(room), false}}),
              Answers(::common::PROTOCOL_ERROR));
  std::map<std::string, bool> many;
  while (many.size() <= 1000) many[NewUuid()] = false;
  EXPECT_THAT(Update(token, many), Answers(::common::MAX_SIZE_EXCEEDED));
}

TEST_F(BusinessLogicOverTheWire, WithoutTheRoomServiceNothingIsDecidedAndNothingChanged) {
  const std::string token = house_.Sign(AUser());
  const std::string kept = NewRoom(), added = NewRoom();
  ASSERT_THAT(Update(token, {{kept, true}}), Answers(::common::OK));
  house_.Kill("room");
  auto request = As<::businessLogicService::FavoritesUpdateRequest>(token);
  (*request.mutable_roomids())[added] = true;
  (*request.mutable_roomids())[kept] = false;
  ::businessLogicService::FavoritesUpdateReply reply;
  const grpc::Status status = Try(&BusinessLogicStub::favoritesUpdate, request, &reply);
  house_.Start("room");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE) << reply.ShortDebugString();
  // The peer's channel may still be on its way back.
  EXPECT_TRUE(WithinFiveSeconds([&] {
    ::businessLogicService::FavoritesListReply list;
    return Try(&BusinessLogicStub::favoritesList,
               As<::businessLogicService::FavoritesListRequest>(token), &list)
               .ok() &&
           list.roomids().size() == 1 && list.roomids(0) == kept;
  }));
}

TEST_F(BusinessLogicOverTheWire, ThePlatformsGroupsAreForAnyTokenOfACompanyWithoutItsOwn) {
  for (const std::string& token : {TokenWith({}), GuestToken(), AdminOf("acme")}) {
    const auto reply = Groups(token);
    EXPECT_THAT(reply, Answers(::common::OK));
    EXPECT_THAT(reply.permissiongroups(),
                UnorderedElementsAre(Key("administrator"), Key("moderator"), Key("participant"),
                                     Key("listener"), Key("guest")));
    EXPECT_EQ(reply.permissiongroups().at("guest").order(), 5u);
    EXPECT_TRUE(reply.permissiongroups().at("administrator").permissions().admin());
    EXPECT_FALSE(reply.permissiongroups().at("listener").permissions().voice());
  }
}

TEST_F(BusinessLogicOverTheWire, ACompanysOwnGroupsAreItsAlone) {
  const std::string token = AdminOf("globex");
  ASSERT_THAT(Put(token, "staff", "Staff"), Answers(::common::OK));
  const auto reply = Groups(TokenWith({}, "globex"));
  EXPECT_THAT(Remove(token, "staff"), Answers(::common::OK));
  ASSERT_THAT(reply.permissiongroups(),
              UnorderedElementsAre(Key("administrator"), Key("moderator"), Key("participant"),
                                   Key("listener"), Key("guest"), Key("staff")));
  ::businessLogicService::PermissionGroup staff;
  staff.set_name("Staff");
  staff.set_order(7);
  staff.mutable_permissions()->set_join(true);
  EXPECT_THAT(reply.permissiongroups().at("staff"), EqualsProto(staff));
  EXPECT_EQ(Groups(TokenWith({})).permissiongroups().count("staff"), 0u);
}

TEST_F(BusinessLogicOverTheWire, OwnGroupsAreForCompanyAdministrators) {
  const std::string stranger = TokenWith({Permission::kUserAdmin, Permission::kRoomAdmin});
  for (const std::string& token : {stranger, GuestToken()}) {
    EXPECT_THAT(Put(token, "staff", "Staff"), Answers(::common::INSUFFICIENT_PERMISSIONS));
    EXPECT_THAT(Remove(token, "guest"), Answers(::common::INSUFFICIENT_PERMISSIONS));
  }
  EXPECT_EQ(Groups(TokenWith({})).permissiongroups_size(), 5);
}

TEST_F(BusinessLogicOverTheWire, PutRefusesWhatIsMissingMalformedOrTooMuch) {
  const std::string token = AdminOf("acme");
  EXPECT_THAT(Put(token, "", "Staff"), Answers(::common::REQUEST_EMPTY));
  EXPECT_THAT(Put(token, "staff", " "), Answers(::common::REQUEST_EMPTY));
  EXPECT_THAT(Put(token, "st\u200baff", "Staff"), Answers(::common::PROTOCOL_ERROR));
  EXPECT_THAT(Put(token, std::string(129, 's'), "Staff"), Answers(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(Put(token, "staff", std::string(256, 's')), Answers(::common::MAX_SIZE_EXCEEDED));
  EXPECT_THAT(Put(token, "staff", "Staff", uint32_t{1} << 31), Answers(::common::RANGE_ERROR));
  EXPECT_THAT(Remove(token, "staff"), Answers(::common::NOT_FOUND));
  EXPECT_THAT(Remove(token, ""), Answers(::common::REQUEST_EMPTY));
  EXPECT_EQ(Groups(token).permissiongroups_size(), 5);
}

TEST_F(BusinessLogicOverTheWire, EveryCallAsksForAnAccessToken) {
  EXPECT_THAT(List(""), Answers(::common::ACCESS_INFO_MISSING));
  EXPECT_THAT(Update("", {{NewUuid(), true}}), Answers(::common::ACCESS_INFO_MISSING));
  EXPECT_THAT(Groups(""), Answers(::common::ACCESS_INFO_MISSING));
  token::AccessToken joining = AUser();
  joining.type = token::TokenType::kJoin;
  joining.only_room = RoomId(NewUuid());
  EXPECT_THAT(List(house_.Sign(joining)), Answers(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(Groups(house_.Sign(joining)), Answers(::common::AUTHENTICATION_ERROR));
}

}  // namespace business_logic_over_the_wire_test
}  // namespace usher
