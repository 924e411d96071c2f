// Two million sub-messages of two bytes each: small on the wire, 140 MB as objects.
#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "tests/chaos/chaos_test_base.h"
#include "tests/chaos/raw_call.h"

namespace usher::chaos {
namespace empty_sub_messages_test {

constexpr int kElements = 1000000;
constexpr int kRequests = 20;
// Two of them at a time, for as many threads decode large requests, and all of them as bytes.
constexpr int64_t kPeakBound = (2 * 110 + kRequests * 2) * kMiB;
constexpr int64_t kBound = 64 * kMiB;

class EmptySubMessagesTest : public ChaosTest {
 protected:
  static grpc::ByteBuffer Request(const std::string& token) {
    ::roomService::RoomsUpdateRequest request;
    if (!token.empty()) request.mutable_accessinfo()->set_accesstoken(token);
    std::string bytes = request.SerializeAsString();
    const int field = ::roomService::RoomsUpdateRequest::kRoomsToUpdateFieldNumber;
    for (int i = 0; i < kElements; ++i) {
      bytes.push_back(static_cast<char>(field << 3 | 2));  // a sub-message...
      bytes.push_back('\0');                               // ...of no bytes
    }
    return Bytes(bytes);
  }
  void Judge(const std::string& token) {
    house_.Restart("room");  // with the memory of a new process
    const Caller caller(house_);
    ASSERT_EQ(caller.Read("room").told(), Told::kDone);
    const pid_t process = Process("room");
    const int64_t before = MemoryOf(process);
    ForgetPeak(process);
    {
      const grpc::ByteBuffer request = Request(token);
      const auto channel = ChannelOfAStranger(house_.Socket("room", "public"));
      Trouble trouble(kRequests, absl::Milliseconds(100), [&] {
        grpc::ClientContext context;
        context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(5)));
        CallRaw(channel, "/roomService.roomService/UpdateRooms", request, &context);
      });
      trouble.Set(true);
      EXPECT_TRUE(Await(absl::Seconds(20), [&] { return trouble.rounds() >= kRequests; }));
    }
    if (MemoryCanBeJudged()) {
      EXPECT_LE((PeakMemoryOf(process) - before) / kMiB, kPeakBound / kMiB);
    }
    EXPECT_TRUE(GivesMemoryBack(process, before, kBound));
    EXPECT_EQ(caller.Read("room").told(), Told::kDone);
  }
};

// S4.
TEST_F(EmptySubMessagesTest, OfAMemberAreBounded) {
  Judge(house_.SignIn(house_.globex()).access_token);
}

TEST_F(EmptySubMessagesTest, OfAStrangerAreBounded) { Judge(""); }

}  // namespace empty_sub_messages_test
}  // namespace usher::chaos
