// Watching the chat of a room: what is heard, in which order, and when it ends.
#include <optional>
#include <thread>

#include "tests/integration/room/chat_over_the_wire.h"

namespace usher {
namespace chat_watch_over_the_wire_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using ChatWatchOverTheWire = ChatOverTheWire;

TEST_F(ChatWatchOverTheWire, AllHearTheSameOrderWhoeverWritesWhere) {
  ChatWatcher here(Here(), AWatch());
  ChatWatcher there(There(), AWatch());
  here.Begin();
  there.Begin();
  std::vector<std::thread> writers;
  for (int t = 0; t < 4; ++t) {
    writers.emplace_back([this, t] {
      const auto channel = t % 2 == 0 ? Here() : There();
      for (int i = 0; i < 15; ++i) {
        EXPECT_THAT(Send(AMessage(absl::StrCat(t, " ", i)), channel), Answers(::common::OK));
      }
    });
  }
  const std::vector<std::string> heard = here.Read(60);
  EXPECT_EQ(heard.size(), 60u);
  EXPECT_EQ(there.Read(60), heard);
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(Texts(), heard);
}

TEST_F(ChatWatchOverTheWire, WhoComesBackMissesNothingAndHearsNothingTwice) {
  std::string position;
  {
    ChatWatcher first(Here(), AWatch());
    first.Begin();
    Say("1");
    EXPECT_THAT(first.Read(1), ElementsAre("1"));
    position = first.position;
  }
  for (int i = 2; i <= 150; ++i) Say(absl::StrCat(i));
  ChatWatcher again(There(), AWatch(position));
  EXPECT_FALSE(again.Begin().gap());
  Say("151");
  const std::vector<std::string> heard = again.Read(150);
  ASSERT_EQ(heard.size(), 150u);
  for (int i = 0; i < 150; ++i) EXPECT_EQ(heard[i], absl::StrCat(i + 2));
}

// The process that was to announce it died: nobody says so.
TEST_F(ChatWatchOverTheWire, WhatNobodyAnnouncesIsHeardAllTheSame) {
  Say("1");
  ChatWatcher here(Here(), AWatch());
  here.Begin();
  house_.database("room").Run(absl::StrCat(
      "INSERT INTO chat_messages VALUES ('acme', '", room_, "', 2, gen_random_uuid(), '", user_,
      "', now(), '', false, 'silent', '', ''); UPDATE chat_rooms SET last_position = 2 WHERE "
      "room_id = '",
      room_, "'"));
  EXPECT_THAT(here.Read(1), ElementsAre("silent"));
}

TEST_F(ChatWatchOverTheWire, AServerThatLostTheDatabaseTellsTheRestWhenItIsBack) {
  ChatWatcher there(There(), AWatch());
  there.Begin();
  house_.database("room").Run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
      "WHERE datname = current_database() AND pid <> pg_backend_pid()");
  auto sent = ::common::INTERNAL_ERROR;
  EXPECT_TRUE(WithinFiveSeconds([&] {
    grpc::ClientContext context;
    ::common::ChatSendReply reply;
    const bool ok =
        ChatService::NewStub(Here())->send(&context, As(token_, AMessage("after")), &reply).ok();
    sent = reply.replyinfo().statuscode();
    return ok;
  }));
  EXPECT_EQ(sent, ::common::OK);
  EXPECT_THAT(there.Read(1), ElementsAre("after"));
}

TEST_F(ChatWatchOverTheWire, SubRoomsHearTheirOwnAndWhatGoesToAll) {
  const std::string moderator =
      MemberOf(room_, {RoomRight::kChat, RoomRight::kChatBroadcast, RoomRight::kSubroomManage});
  ChatWatcher main(Here(), AWatch());
  ChatWatcher blue(There(), AWatch("", "blue"));
  WatchRequest all = AWatch();
  all.set_all_sub_rooms(true);
  all.mutable_accessinfo()->set_accesstoken(moderator);
  ChatWatcher everywhere(Here(), all);
  main.Begin();
  blue.Begin();
  everywhere.Begin();
  auto in_blue = AMessage("blue");
  in_blue.mutable_chatmessage()->set_subroomid("blue");
  EXPECT_THAT(Send(in_blue, Here()), Answers(::common::OK));
  Say("main");
  auto to_all = AMessage("all");
  to_all.mutable_chatmessage()->set_broadcast(true);
  EXPECT_THAT(Send(to_all, There()), Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_THAT(Send(to_all, There(), moderator), Answers(::common::OK));
  EXPECT_THAT(main.Read(2), ElementsAre("main", "all"));
  EXPECT_THAT(blue.Read(2), ElementsAre("blue", "all"));
  EXPECT_THAT(everywhere.Read(3), ElementsAre("blue", "main", "all"));
  ::common::ChatHistoryRequest history;
  history.set_subroomid("blue");
  EXPECT_EQ(History(history).chatmessage_size(), 2);
  history.set_subroomid("red");
  EXPECT_THAT(History(history), Answers(::common::SUBROOM_INVALID));
  history.clear_subroomid();
  history.set_allsubrooms(true);
  EXPECT_THAT(History(history), Answers(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_EQ(History(history, moderator).chatmessage_size(), 3);
}

TEST_F(ChatWatchOverTheWire, AWatchEndsWhenTheRightToChatIsTakenAway) {
  ChatWatcher there(There(), AWatch());
  there.Begin();
  const absl::Time taken = absl::Now();
  LetIn(room_, user_, {RoomRight::kJoin});
  const grpc::Status end = there.End();
  EXPECT_LT(absl::Now() - taken, absl::Seconds(5));
  EXPECT_EQ(end.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(end.error_message(), HasSubstr("INSUFFICIENT_PERMISSIONS"));
}

TEST_F(ChatWatchOverTheWire, AWatchEndsWithItsRoomWhoseMessagesAreForgotten) {
  Say("1");
  ChatWatcher there(There(), AWatch());
  there.Begin();
  ::roomService::RoomDestroyRequest destroy;
  destroy.set_roomid(room_);
  ASSERT_THAT(Ask(&RoomStub::Destroy, As(AdminOf("acme"), destroy)), Answers(::common::OK));
  const grpc::Status end = there.End();
  EXPECT_EQ(end.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(end.error_message(), HasSubstr("ROOM_NOT_FOUND"));
  EXPECT_THAT(History(), Answers(::common::ROOM_NOT_FOUND));
  EXPECT_THAT(Say("2"), Answers(::common::ROOM_NOT_FOUND));
  EXPECT_EQ(house_.database("room").Ask(
                absl::StrCat("SELECT gone FROM chat_rooms WHERE room_id = '", room_, "'")),
            "t");
}

TEST_F(ChatWatchOverTheWire, AWatchEndsWhenItsTokenIsRevoked) {
  const Account account = NewAccount({Permission::kRoomList});
  LetIn(room_, account.user, {RoomRight::kChat});
  WatchRequest request = AWatch();
  request.mutable_accessinfo()->set_accesstoken(SignIn(account).access_token);
  ChatWatcher there(There(), request);
  there.Begin();
  ::authentication::AuthenticationUpdateRequest update;
  update.set_userid(account.user);
  update.mutable_authenticationrequest()->set_accountstatus(::authentication::DEACTIVATED);
  const absl::Time revoked = absl::Now();
  ASSERT_THAT(Ask(&AuthStub::authenticationUpdate, As(AdminOf("acme"), update)),
              Answers(::common::OK));
  const grpc::Status end = there.End();
  EXPECT_LT(absl::Now() - revoked, absl::Seconds(5));
  EXPECT_EQ(end.error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(ChatWatchOverTheWire, ARefusedWatchIsOneReply) {
  WatchRequest request = AWatch();
  request.set_position("nonsense");
  ChatWatcher refused(Here(), request);
  EXPECT_THAT(refused.Begin(), Answers(::common::PROTOCOL_ERROR));
  EXPECT_TRUE(refused.End().ok());
}

}  // namespace chat_watch_over_the_wire_test
}  // namespace usher
