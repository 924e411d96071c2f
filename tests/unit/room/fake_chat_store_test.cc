#include "tests/support/fake_chat_store.h"

#include "tests/support/contracts/chat_reading_contract.h"
#include "tests/support/contracts/chat_store_contract.h"
#include "tests/support/fake_clock.h"

namespace usher::room {
namespace fake_chat_store_test {

class ChatOnTheFake : public ::testing::Test {
 protected:
  ChatStore& store() { return store_; }
  void MakeRoom(const std::string& company, const RoomId& room, std::optional<RoomRights> rights,
                const std::vector<std::string>& sub_rooms) {
    FakeChatStore::MadeRoom made;
    if (rights) made.entries[ChatUser(1)] = *rights;
    for (const std::string& sub_room : sub_rooms) made.sub_rooms.insert(SubRoomId(sub_room));
    store_.Make(CompanyId(company), room, made);
  }
  void DestroyRoom(const std::string& company, const RoomId& room) {
    store_.Destroy(CompanyId(company), room);
  }
  void Pass(absl::Duration time) { clock_.Advance(time); }

 private:
  FakeClock clock_;
  FakeChatStore store_{clock_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Fake, ChatStoreContract, ::testing::Types<ChatOnTheFake>);
INSTANTIATE_TYPED_TEST_SUITE_P(Fake, ChatReadingContract, ::testing::Types<ChatOnTheFake>);

}  // namespace fake_chat_store_test
}  // namespace usher::room
