#include "common/livekit/room_grants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/permission/role.h"

namespace usher::livekit {
namespace room_grants_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr RoomRights kJoin{RoomRight::kJoin};

TEST(RoomGrants, EachRightOpensWhatItIsFor) {
  EXPECT_EQ(GrantsOf(kJoin), (RoomGrants{.subscribe = true}));
  EXPECT_EQ(GrantsOf(kJoin.Or({RoomRight::kVoice})),
            (RoomGrants{.microphone = true, .subscribe = true}));
  EXPECT_EQ(GrantsOf(kJoin.Or({RoomRight::kVideo})),
            (RoomGrants{.camera = true, .subscribe = true}));
  EXPECT_EQ(GrantsOf(kJoin.Or({RoomRight::kScreen})),
            (RoomGrants{.screen = true, .subscribe = true}));
  for (const RoomRight chat : {RoomRight::kChat, RoomRight::kChatBroadcast}) {
    EXPECT_EQ(GrantsOf(kJoin.Or({chat})), (RoomGrants{.subscribe = true, .data = true}));
  }
  EXPECT_EQ(GrantsOf(kAllRoomRights), (RoomGrants{true, true, true, true, true, true}));
  EXPECT_FALSE(GrantsOf(RightsOf(Role::kModerator)).admin);
}

TEST(RoomGrants, WithoutJoinNothingIsOpen) {
  EXPECT_EQ(GrantsOf(RoomRights{RoomRight::kVoice, RoomRight::kVideo, RoomRight::kScreen,
                                RoomRight::kChat, RoomRight::kPromote}),
            RoomGrants());
}

TEST(RoomGrants, WhatMayBePublishedIsNamedAsLiveKitDoes) {
  EXPECT_THAT(PublishSources(GrantsOf(kAllRoomRights)),
              ElementsAre("camera", "microphone", "screen_share", "screen_share_audio"));
  EXPECT_THAT(PublishSources({.microphone = true}), ElementsAre("microphone"));
  EXPECT_THAT(PublishSources(GrantsOf(RightsOf(Role::kSpectator))), IsEmpty());
}

}  // namespace room_grants_test
}  // namespace usher::livekit
