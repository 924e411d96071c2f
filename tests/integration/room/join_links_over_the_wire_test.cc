// Join links, and what their tokens open.
#include "absl/strings/str_cat.h"
#include "tests/integration/room/room_over_the_wire.h"

namespace usher {
namespace join_links_over_the_wire_test {

using ::testing::SizeIs;
using ::testing::StartsWith;

using JoinLinksOverTheWire = RoomOverTheWire;

TEST_F(JoinLinksOverTheWire, AJoinTokenIsTakenByTheReadingCallsOnly) {
  const std::string creator = house_.Sign(ACreator());
  const std::string id = Create(creator).roomid();
  const std::string other = Create(creator).roomid();
  const std::string joining = TokenIn(Link(creator, id));
  EXPECT_TRUE(Permissions(joining, id).permissions().admin());
  EXPECT_THAT(Permissions(joining, other), Answers(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(List(joining).rooms(), SizeIs(1));
  EXPECT_THAT(Ask(&RoomStub::Status, As<::roomService::RoomStatusRequest>(joining)).rooms(),
              SizeIs(1));
  auto update = As<::roomService::RoomUpdateRequest>(joining);
  update.set_roomid(id);
  update.mutable_room()->set_displayname("x");
  EXPECT_THAT(Ask(&RoomStub::Update, update), Answers(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(Link(joining, id), Answers(::common::AUTHENTICATION_ERROR));
  EXPECT_THAT(Destroy(joining, id), Answers(::common::AUTHENTICATION_ERROR));
}

TEST_F(JoinLinksOverTheWire, AJoinLinkIsAnsweredAndADestroyedRoomIsGone) {
  const token::AccessToken creator = ACreator();
  const std::string token = house_.Sign(creator);
  const std::string id = Create(token).roomid();
  const auto link = Link(token, id);
  EXPECT_THAT(link.joinlink(), StartsWith(absl::StrCat("https://localhost/join/acme/", id, "#")));
  const token::AccessToken claims = Claims(TokenIn(link));
  EXPECT_EQ(claims.user, creator.user);
  EXPECT_EQ(claims.only_room, RoomId(id));
  EXPECT_FALSE(claims.room_admin);
  EXPECT_THAT(Destroy(token, id), Answers(::common::OK));
  EXPECT_THAT(Destroy(token, id), Answers(::common::ROOM_NOT_FOUND));
}

// B15: it opened nothing, as ROOM_ADMIN is no entry and the token has no backend permissions.
TEST_F(JoinLinksOverTheWire, AJoinLinkOfAHolderOfRoomAdminIsAdminInThatOneRoom) {
  const std::string token = house_.Sign(ACreator({Permission::kRoomAdmin}));
  const std::string id = Create(token).roomid();
  const std::string other = Create(token).roomid();
  const std::string joining = TokenIn(Link(token, id));
  EXPECT_TRUE(Claims(joining).room_admin);
  EXPECT_EQ(Claims(joining).permissions, PermissionSet());
  const auto permissions = Permissions(joining, id);
  EXPECT_TRUE(permissions.permissions().join());
  EXPECT_TRUE(permissions.permissions().admin());
  EXPECT_THAT(Permissions(joining, other), Answers(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(List(joining).rooms(), SizeIs(1));
  EXPECT_THAT(Destroy(joining, id), Answers(::common::AUTHENTICATION_ERROR));
}

TEST_F(JoinLinksOverTheWire, AJoinLinkEndsWhenItIsWishedAndNeverLater) {
  token::AccessToken creator = ACreator();
  creator.issued_at = absl::Now();
  creator.expires_at = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now() + absl::Minutes(30)));
  const std::string token = house_.Sign(creator);
  const std::string id = Create(token).roomid();
  const int64_t own = absl::ToUnixSeconds(creator.expires_at);
  const auto end = [&](int64_t wished) {
    return absl::ToUnixSeconds(Claims(TokenIn(Link(token, id, wished))).expires_at);
  };
  EXPECT_EQ(end(own - 60), own - 60);
  EXPECT_EQ(end(own + 60), own);
  EXPECT_EQ(end(0), own);
  for (const int64_t passed : {absl::ToUnixSeconds(absl::Now()) - 1, int64_t{1}, int64_t{-1}}) {
    EXPECT_THAT(Link(token, id, passed), Answers(::common::RANGE_ERROR)) << passed;
  }
}

// Of a company of its own: what a company says is remembered for a minute.
TEST_F(JoinLinksOverTheWire, AJoinLinkBeginsWithWhatTheCompanySaysAndIsMadeWhileItIsAway) {
  const std::string token = house_.Sign([] {
    token::AccessToken token;
    token.user = UserId(NewUuid());
    token.company = CompanyId("globex");
    token.permissions = {Permission::kRoomCreate};
    return token;
  }());
  ::companyService::CompanyUpdateRequest update;
  update.set_companyid("globex");
  std::string& base = (*update.mutable_company()->mutable_metadata())["joinLinkBase"];
  base = "http://meet.globex.example";
  EXPECT_THAT(Ask(&CompanyStub::companyUpdate, As(AdminOf("globex"), update)),
              Answers(::common::PROTOCOL_ERROR));
  base = "https://meet.globex.example/app/";
  ASSERT_THAT(Ask(&CompanyStub::companyUpdate, As(AdminOf("globex"), update)),
              Answers(::common::OK));
  const std::string id = Create(token).roomid();
  const std::string start = absl::StrCat("https://meet.globex.example/app/join/globex/", id, "#");
  EXPECT_THAT(Link(token, id).joinlink(), StartsWith(start));
  house_.Kill("company");
  EXPECT_THAT(Link(token, id).joinlink(), StartsWith(start));
  house_.Start("company");
  base = "";
  EXPECT_THAT(Ask(&CompanyStub::companyUpdate, As(AdminOf("globex"), update)),
              Answers(::common::OK));
}

}  // namespace join_links_over_the_wire_test
}  // namespace usher
