#include "services/room/chat/pg_chat_store.h"

#include "absl/strings/str_cat.h"
#include "common/rpc/gate/largest_reply.h"
#include "services/room/migrations.h"
#include "services/room/pg_room_store.h"
#include "services/room/tenant_data.h"
#include "tests/support/contracts/chat_reading_contract.h"
#include "tests/support/contracts/chat_store_contract.h"
#include "tests/support/scratch_database.h"

namespace usher::room {
namespace pg_chat_store_test {

using ::testing::ElementsAre;

class ChatOnPostgres : public ::testing::Test {
 protected:
  ChatStore& store() { return store_; }

  void MakeRoom(const std::string& company, const RoomId& id, std::optional<RoomRights> rights,
                const std::vector<std::string>& sub_rooms) {
    Room room;
    room.display_name = "room";
    if (rights) room.entries[ChatUser(1)] = *rights;
    for (const std::string& sub_room : sub_rooms) {
      room.sub_rooms[SubRoomId(sub_room)].display_name = sub_room;
    }
    EXPECT_OK(rooms_.Insert(ACall(company), Administrator(company), id, room,
                            [](const Parent&) { return absl::OkStatus(); }));
  }
  void DestroyRoom(const std::string& company, const RoomId& id) {
    EXPECT_THAT(rooms_.Remove(ACall(company), Administrator(company), id,
                              [](const RoomAccess&) { return absl::OkStatus(); }),
                IsOkAndHolds(true));
  }
  // All that there is grows older.
  void Pass(absl::Duration time) {
    database_.Run(absl::StrCat("UPDATE chat_messages SET sent_at = sent_at - interval '",
                               absl::ToInt64Microseconds(time), " microseconds'"));
  }
  static Viewer Administrator(const std::string& company) {
    Viewer viewer;
    viewer.company = CompanyId(company);
    viewer.subject = ChatUser(9);
    viewer.sees_all = viewer.administers_all = viewer.has_defaults = true;
    return viewer;
  }

  ScratchDatabase database_{Migrations()};
  PgRoomStore rooms_{database_.pool()};
  PgChatStore store_{database_.pool()};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, ChatStoreContract, ::testing::Types<ChatOnPostgres>);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, ChatReadingContract, ::testing::Types<ChatOnPostgres>);

class PgChatStoreTest : public ChatStoreContract<ChatOnPostgres> {
 protected:
  void TestBody() override {}
};

TEST_F(PgChatStoreTest, APageHoldsNoMoreThanOneReply) {
  const std::string large(16000, 'x');
  for (int i = 0; i < 300; ++i) EXPECT_OK(Append(Draft(large)));
  for (const bool everywhere : {true, false}) {
    ChatSpan span = Everything(1000);
    span.scope.everywhere = everywhere;
    const ChatPageRead page = List(span);
    EXPECT_TRUE(page.more);
    EXPECT_GT(page.messages.size(), 200u);
    EXPECT_LT(page.messages.size() * large.size(), rpc::kLargestContent);
  }
}

TEST_F(PgChatStoreTest, ACompanysChatGoesWithTheCompany) {
  Say("acme");
  EXPECT_OK(Append(Draft("globex", {ChatRoom(3)}), ACall("globex"), ChatUser(1), "globex"));
  EXPECT_THAT(ClearCompany(ACall(), database_.pool(), CompanyId("acme")), IsOkAndHolds(true));
  EXPECT_EQ(database_.Ask("SELECT string_agg(company_id, ' ') FROM chat_messages"), "globex");
  EXPECT_EQ(database_.Ask("SELECT string_agg(company_id, ' ') FROM chat_rooms"), "globex");
}

// Writers wait for a room that is being destroyed, and find that it is gone.
TEST_F(PgChatStoreTest, NothingIsWrittenIntoARoomThatIsBeingDestroyed) {
  absl::Status sent;
  std::thread writer;
  EXPECT_THAT(
      rooms_.Remove(
          ACall(), Administrator("acme"), ChatRoom(1),
          [&](const RoomAccess&) {
            writer = std::thread([&] {
              sent = store_
                         .Append(ACall(), CompanyId("acme"), ChatUser(1), ChatUser(1), NewUuid(),
                                 Draft("late"),
                                 [](const auto& rooms) {
                                   return rooms.front() ? absl::OkStatus() : RoomNotFound();
                                 })
                         .status();
            });
            while (database_.Ask("SELECT count(*) FROM pg_stat_activity WHERE datname = "
                                 "current_database() AND wait_event_type = 'Lock'") == "0") {
            }
            return absl::OkStatus();
          }),
      IsOkAndHolds(true));
  writer.join();
  EXPECT_THAT(sent, HasReplyCode(::common::ROOM_NOT_FOUND));
  EXPECT_EQ(database_.Ask("SELECT count(*) FROM chat_messages"), "0");
}

// Looking back does not read what is asked not to be seen.
TEST_F(PgChatStoreTest, APageOfAQuietSubRoomIsAnOrderedScan) {
  database_.Run("INSERT INTO chat_messages SELECT 'acme', '" + ChatRoom(1).value() +
                "', i, gen_random_uuid(), gen_random_uuid(), now() + i * interval '1 second',"
                " CASE WHEN i % 1000 = 0 THEN 'blue' ELSE '' END, false, 'x', '', ''"
                " FROM generate_series(1, 20000) i; ANALYZE chat_messages");
  ChatSpan span = Everything(10);
  span.scope = {false, SubRoomId("blue")};
  EXPECT_EQ(List(span).messages.size(), 10u);
  const std::string plan = database_.Ask(
      "EXPLAIN (FORMAT JSON) SELECT * FROM chat_messages WHERE company_id = 'acme' AND room_id = "
      "'" +
      ChatRoom(1).value() +
      "' AND sub_room_id = 'blue' AND NOT broadcast AND (sent_at, position) < ('9999-01-01', 0)"
      " ORDER BY sent_at DESC, position DESC LIMIT 10");
  EXPECT_THAT(plan, ::testing::HasSubstr("chat_messages_in_sub_room"));
  EXPECT_THAT(plan, ::testing::Not(::testing::HasSubstr("Sort")));
  EXPECT_THAT(List(span).messages.front().position, 20000);
}

}  // namespace pg_chat_store_test
}  // namespace usher::room
