// Join links, and what their tokens open.
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/rooms_test_base.h"

namespace usher::room {
namespace join_links_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

using JoinLinksTest = RoomsTestBase;

TEST_F(JoinLinksTest, AJoinTokenReachesItsOneRoom) {
  const RoomId own = Make({{kMember, kJoin}});
  const RoomId open = Make({}, kJoin);
  const Caller joining = Member().Joining(own);
  EXPECT_THAT(rooms_.List(joining, {.only = {open}}), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(rooms_.Status(joining, {}), IsOkAndHolds(ElementsAre(Pair(own, IsEmpty()))));
  EXPECT_THAT(rooms_.Status(joining, {open, own}), IsOkAndHolds(ElementsAre(Pair(own, IsEmpty()))));
  EXPECT_THAT(rooms_.Permissions(joining, own, UserId()), IsOkAndHolds(kJoin));
  EXPECT_THAT(rooms_.Permissions(joining, open, UserId()), HasReplyCode(::common::ROOM_NOT_FOUND));
}

TEST_F(JoinLinksTest, AJoinLinkNamesCompanyAndRoomAndCarriesTheToken) {
  const RoomId id = Make({{kMember, kJoin}});
  const auto link = rooms_.CreateJoinLink(Member(), {id});
  ASSERT_EQ(signer_.signed_tokens.size(), 1u);
  EXPECT_THAT(link,
              IsOkAndHolds(absl::StrCat("https://meet.example/join/acme/", id.value(), "#",
                                        absl::WebSafeBase64Escape(signer_.signed_tokens[0]))));
  ASSERT_EQ(signer_.asked.size(), 1u);
  EXPECT_EQ(signer_.asked[0].room, id);
  EXPECT_EQ(signer_.asked[0].expires_at, std::nullopt);
  EXPECT_FALSE(signer_.asked[0].room_admin);
}

TEST_F(JoinLinksTest, AJoinLinkBeginsWithWhatTheCompanySays) {
  pages_.bases[CompanyId("acme")] = "https://acme.example/app";
  const RoomId id = Make({{kMember, kJoin}});
  EXPECT_THAT(rooms_.CreateJoinLink(Member(), {id}),
              IsOkAndHolds(::testing::StartsWith(
                  absl::StrCat("https://acme.example/app/join/acme/", id.value(), "#"))));
}

TEST_F(JoinLinksTest, AJoinLinkIsMadeWhileTheCompanyServiceIsOutOfReach) {
  pages_.failure = Unreachable("the company service");
  EXPECT_THAT(rooms_.CreateJoinLink(Member(), {Make({{kMember, kJoin}})}),
              IsOkAndHolds(::testing::StartsWith("https://meet.example/join/acme/")));
}

TEST_F(JoinLinksTest, AJoinLinkEndsWhenItIsWished) {
  const absl::Time end = absl::Now() + absl::Minutes(5);
  EXPECT_OK(rooms_.CreateJoinLink(Member(), {Make({{kMember, kJoin}}), end}));
  ASSERT_EQ(signer_.asked.size(), 1u);
  EXPECT_EQ(signer_.asked[0].expires_at, end);
}

TEST_F(JoinLinksTest, AJoinLinkCountsAsAdminOnlyWhereAHolderOfRoomAdminMadeIt) {
  const RoomId id = Make({{kMember, kAdmin}});
  const ACaller guest = Guest().With(Permission::kRoomAdmin);
  for (const ACaller& caller : {Administrator(), Member(), guest}) {
    EXPECT_OK(rooms_.CreateJoinLink(caller, {id}));
  }
  ASSERT_EQ(signer_.asked.size(), 3u);
  EXPECT_TRUE(signer_.asked[0].room_admin);
  EXPECT_FALSE(signer_.asked[1].room_admin);
  EXPECT_FALSE(signer_.asked[2].room_admin);
}

TEST_F(JoinLinksTest, AJoinTokenOfRoomAdminIsAdminInItsOneRoomAndNowhereElse) {
  const RoomId its = Make({{kOther, kJoin}});
  const RoomId open = Make({{kOther, kAdmin}}, kJoin);
  const Caller joining = ACaller().Joining(its).AdministeringIt();
  EXPECT_THAT(rooms_.Permissions(joining, its, UserId()), IsOkAndHolds(kAllRoomRights));
  EXPECT_THAT(rooms_.Permissions(joining, its, kOther), IsOkAndHolds(kJoin));
  EXPECT_THAT(rooms_.Permissions(joining, open, UserId()), HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(rooms_.Permissions(joining, open, kOther), HasReplyCode(::common::ROOM_NOT_FOUND));
  for (const std::vector<RoomId>& only : {std::vector<RoomId>{}, {open, its}}) {
    const auto listed = rooms_.List(joining, {.only = only});
    ASSERT_OK(listed);
    ASSERT_EQ(listed->size(), 1u);
    EXPECT_EQ(IdOf(*listed->begin()), its);
    EXPECT_EQ(RoomOf(*listed->begin()).entries.count(kOther), 1u);
    EXPECT_THAT(rooms_.Status(joining, only), IsOkAndHolds(ElementsAre(Pair(its, IsEmpty()))));
  }
  EXPECT_THAT(rooms_.List(joining, {.only = {open}}), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(rooms_.Status(joining, {open}), IsOkAndHolds(IsEmpty()));
}

TEST_F(JoinLinksTest, AJoinLinkTakesJoinInTheRoom) {
  const RoomId id = Make({{kMember, RoomRights{RoomRight::kVoice}}}, kJoin);
  EXPECT_THAT(rooms_.CreateJoinLink(Member(), {id}),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(signer_.asked, IsEmpty());
  EXPECT_OK(rooms_.CreateJoinLink(ACaller().As(kOther), {id}));
  EXPECT_OK(rooms_.CreateJoinLink(Administrator(), {id}));
}

TEST_F(JoinLinksTest, AFullRoomGivesNoJoinLinks) {
  RoomChange draft = Renamed();
  draft.active_participants = 1;
  const RoomId id = Make(draft);
  EXPECT_OK(rooms_.CreateJoinLink(Administrator(), {id}));
  presence_.online[id] = {Online(kOther)};
  EXPECT_THAT(rooms_.CreateJoinLink(Administrator(), {id}), HasReplyCode(::common::QUOTA_EXCEEDED));
}

TEST_F(JoinLinksTest, WhoIsInAFullRoomGetsAnotherLink) {
  RoomChange draft = Renamed();
  draft.active_participants = 1;
  draft.default_rights = kJoin;
  const RoomId id = Make(draft);
  presence_.online[id] = {Online(kMember)};
  EXPECT_OK(rooms_.CreateJoinLink(Member(), {id}));
}

TEST_F(JoinLinksTest, SpectatorsTakeNoPlaceOfThoseWhoTakePart) {
  RoomChange draft = Renamed();
  draft.active_participants = 1;
  const RoomId id = Make(draft);
  Occupant spectator = Online(kOther);
  spectator.spectator = true;
  presence_.online[id] = {spectator};
  EXPECT_OK(rooms_.CreateJoinLink(Administrator(), {id}));
}

TEST_F(JoinLinksTest, ATicketForTheMediaEngineFollowsTheToken) {
  const RoomId id = Make({{kMember, kJoin}});
  tickets_.ticket = "&livekit_token=a.b.c";
  const auto link = rooms_.CreateJoinLink(Member(), {id});
  ASSERT_EQ(signer_.signed_tokens.size(), 1u);
  EXPECT_THAT(link, IsOkAndHolds(absl::StrCat("https://meet.example/join/acme/", id.value(), "#",
                                              absl::WebSafeBase64Escape(signer_.signed_tokens[0]),
                                              "&livekit_token=a.b.c")));
}

TEST_F(JoinLinksTest, ATicketIsForTheCallerAsLongAsTheTokenAndForWhatTheyMayDoThere) {
  const RoomRights speaking{RoomRight::kJoin, RoomRight::kVoice};
  const RoomId id = Make({{kMember, kJoin}}, speaking);
  const absl::Time end = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()) + 60);
  EXPECT_OK(rooms_.CreateJoinLink(Member(), {id, end}));
  EXPECT_OK(rooms_.CreateJoinLink(ACaller().As(kOther), {id}));
  EXPECT_OK(rooms_.CreateJoinLink(Administrator(), {id}));
  ASSERT_EQ(tickets_.asked.size(), 3u);
  const Entrance& member = tickets_.asked[0];
  EXPECT_EQ(member.company, CompanyId("acme"));
  EXPECT_EQ(member.room, id);
  EXPECT_EQ(member.person, (Person{.user = kMember, .subject = kMember}));
  EXPECT_EQ(member.rights, kJoin);
  EXPECT_EQ(member.expires_at, end);
  EXPECT_EQ(tickets_.asked[1].rights, speaking);
  EXPECT_EQ(tickets_.asked[2].rights, kAllRoomRights);
  EXPECT_TRUE(tickets_.asked[2].person.room_admin);
}

TEST_F(JoinLinksTest, ATicketOfAGuestSaysWhoseRightsTheyHaveAndWhatTheyAreCalled) {
  const RoomId id = Make({{kOther, kJoin}});
  EXPECT_OK(
      rooms_.CreateJoinLink(ACaller().As(kMember).AsGuest("Gus").OfSharedAccess(kOther), {id}));
  ASSERT_EQ(tickets_.asked.size(), 1u);
  EXPECT_EQ(tickets_.asked[0].person, (Person{.user = kMember, .subject = kOther, .guest = true}));
  EXPECT_EQ(tickets_.asked[0].display_name, "Gus");
}

TEST_F(JoinLinksTest, WhoGetsNoLinkGetsNoTicket) {
  EXPECT_FALSE(rooms_.CreateJoinLink(Member(), {Make()}).ok());
  signer_.failure = Unreachable("the auth service");
  EXPECT_FALSE(rooms_.CreateJoinLink(Administrator(), {Make()}).ok());
  EXPECT_THAT(tickets_.asked, IsEmpty());
}

TEST_F(JoinLinksTest, AJoinLinkIsUndecidedWhileAuthIsOutOfReach) {
  signer_.failure = Unreachable("the auth service");
  EXPECT_THAT(rooms_.CreateJoinLink(Administrator(), {Make()}),
              IsUndecided(absl::StatusCode::kUnavailable));
}

}  // namespace join_links_test
}  // namespace usher::room
