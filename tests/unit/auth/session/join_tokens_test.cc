// Tokens of tokens.h with which somebody joins a room.
#include <cstdint>
#include <limits>

#include "services/auth/session/tokens.h"
#include "tests/support/tokens_test_base.h"

namespace usher::auth {
namespace join_tokens_test {

class JoinTokensTest : public TokensTestBase {
 protected:
  token::AccessToken Joining(const Caller& caller, absl::Time expires_at = absl::UnixEpoch()) {
    const auto made = tokens_.SignJoinToken(
        caller, {.room = room_, .expires_at = absl::ToUnixSeconds(expires_at)});
    EXPECT_OK(made);
    return made.ok() ? Read(made->bytes) : token::AccessToken();
  }
  const RoomId room_{NewUuid()};
};

TEST_F(JoinTokensTest, AJoinTokenIsForOneRoomWithoutPermissions) {
  const Caller caller = Member().With(kLists);
  const auto made = tokens_.SignJoinToken(caller, {.room = room_});
  ASSERT_OK(made);
  const auto token = verifier_.Verify(made->bytes);
  ASSERT_OK(token);
  EXPECT_EQ((*token)->type, token::TokenType::kJoin);
  EXPECT_EQ((*token)->only_room, room_);
  EXPECT_EQ((*token)->permissions, PermissionSet{});
  EXPECT_TRUE((*token)->extension_disallowed);
  EXPECT_EQ((*token)->user, caller.user());
  EXPECT_EQ((*token)->company, caller.company());
  EXPECT_EQ((*token)->session, caller.token().session);
  EXPECT_EQ((*token)->issued_at, caller.token().issued_at);
  EXPECT_NE((*token)->token_id, caller.token().token_id);
  EXPECT_EQ(made->token.expires_at, (*token)->expires_at);
  EXPECT_FALSE((*token)->room_admin);
}

TEST_F(JoinTokensTest, AJoinTokenLivesNoLongerThanTheCallersAndThanAccessTokensDo) {
  EXPECT_EQ(Joining(Member()).expires_at, Own());
  EXPECT_EQ(Joining(Member().ExpiringAt(clock_.Now() + absl::Hours(24))).expires_at,
            clock_.Now() + absl::Hours(1));
}

TEST_F(JoinTokensTest, AWishedEndOnlyEverShortensAJoinToken) {
  const absl::Time soon = clock_.Now() + absl::Seconds(1);
  EXPECT_EQ(Joining(Member(), soon).expires_at, soon);
  EXPECT_EQ(Joining(Member(), Own() + absl::Seconds(1)).expires_at, Own());
  EXPECT_EQ(
      Joining(Member().ExpiringAt(clock_.Now() + absl::Hours(24)), clock_.Now() + absl::Hours(2))
          .expires_at,
      clock_.Now() + absl::Hours(1));
}

TEST_F(JoinTokensTest, AJoinTokenDoesNotEndInThePast) {
  for (const int64_t end : {absl::ToUnixSeconds(clock_.Now()), int64_t{1}, int64_t{-1},
                            std::numeric_limits<int64_t>::min()}) {
    EXPECT_THAT(tokens_.SignJoinToken(Member(), {.room = room_, .expires_at = end}),
                HasReplyCode(::common::RANGE_ERROR))
        << end;
  }
}

// Whatever the room service asks for.
TEST_F(JoinTokensTest, AJoinTokenAdministersItsRoomForHoldersOfRoomAdminAlone) {
  const JoinTokenWish wish{.room = room_, .room_admin = true};
  const auto made = tokens_.SignJoinToken(Member().With(Permission::kRoomAdmin), wish);
  ASSERT_OK(made);
  const token::AccessToken token = Read(made->bytes);
  EXPECT_TRUE(token.room_admin);
  EXPECT_EQ(token.only_room, room_);
  EXPECT_EQ(token.permissions, PermissionSet{});
  EXPECT_THAT(
      tokens_.SignJoinToken(Member().With({Permission::kRoomList, Permission::kRoomCreate}), wish),
      HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(tokens_.SignJoinToken(Member().With(Permission::kRoomAdmin).AsGuest("Gus"), wish),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
}

TEST_F(JoinTokensTest, AGuestJoinsAsTheSameGuest) {
  const UserId access(NewUuid());
  const token::AccessToken token = Joining(Member().AsGuest("Gus").OfSharedAccess(access));
  EXPECT_TRUE(token.guest);
  EXPECT_EQ(token.display_name, "Gus");
  EXPECT_EQ(token.base_permissions_id, access);
  EXPECT_FALSE(Joining(Member()).guest);
}

}  // namespace join_tokens_test
}  // namespace usher::auth
