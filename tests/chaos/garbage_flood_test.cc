// Bytes that are no HTTP/2, on connections that come and go.
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "tests/chaos/chaos_test_base.h"
#include "tests/chaos/raw_call.h"
#include "tests/chaos/socket.h"

namespace usher::chaos {
namespace garbage_flood_test {

constexpr int kFlooders = 4;

using GarbageFloodTest = ChaosTest;

TEST_F(GarbageFloodTest, HoldsUpNobody) {
  const Caller caller(house_);
  const std::string address = house_.Socket("room", "public");
  const std::string garbage(64 * 1024, 'x');
  const int64_t before = MemoryOf(Process("room"));
  Trouble flood(kFlooders, absl::Milliseconds(5), [&] {
    const int socket = Connect(address);
    if (socket < 0) return;
    if (send(socket, garbage.data(), garbage.size(), MSG_NOSIGNAL) <
        0) {  // the server has gone first
    }
    close(socket);
  });
  EXPECT_TRUE(
      IsUndisturbed([&] { return caller.Read("room").status; }, [&](bool on) { flood.Set(on); }));
  EXPECT_GT(flood.rounds(), 0);
  EXPECT_TRUE(GivesMemoryBack(Process("room"), before, 32 * kMiB));
}

// Half of the proxies' weather at once: clients on a bad line do not hold up those on a good one.
TEST_F(GarbageFloodTest, NorDoClientsWhoseLineStalls) {
  const Caller caller(house_);
  const auto stub =
      ::roomService::roomService::NewStub(ChannelOfAStranger(chaos_.ToPublic("room").address()));
  Trouble stalled(8, absl::Milliseconds(5), [&] {
    ::roomService::RoomListRequest request;
    request.mutable_accessinfo()->set_accesstoken(caller.admin().access_token);
    // What it asks for must be cheap: a storm before this leaves thousands of rooms, and whoever
    // lists them keeps the lane and the processors from others, whether its line stalls or not.
    request.set_limit(1);
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Milliseconds(200)));
    ::roomService::RoomListReply reply;
    stub->List(&context, request, &reply);
  });
  EXPECT_TRUE(IsUndisturbed([&] { return caller.Read("room").status; },
                            [&](bool on) {
                              chaos_.ToPublic("room").Set(
                                  {.to_client = on ? Flow::kStall : Flow::kPass});
                              stalled.Set(on);
                            }));
}

}  // namespace garbage_flood_test
}  // namespace usher::chaos
