// Clients that ask for long lists and never read them.
#include <grpcpp/generic/generic_stub.h>

#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/chaos/chaos_test_base.h"
#include "tests/chaos/raw_call.h"

namespace usher::chaos {
namespace slow_readers_test {

constexpr int kStreams = 100;
constexpr int kRooms = 40;
constexpr int kEntry = 4000;
constexpr int kEntries = 14;  // of metadata: 56 kB a room, 2.2 MB a list
constexpr absl::Duration kLongestCall = absl::Seconds(2);
constexpr absl::Duration kLate = absl::Seconds(3);
constexpr int64_t kBound = 64 * kMiB;

// Asks, and lets the answers lie: what it was sent fills the window of the stream (RFC 9113, 5.2),
// and nobody makes room in it.
class SlowReader {
 public:
  SlowReader(const std::shared_ptr<grpc::Channel>& channel,
             const ::roomService::RoomListRequest& request)
      : stub_(channel) {
    const grpc::ByteBuffer bytes = Bytes(request.SerializeAsString());
    for (int i = 0; i < kStreams; ++i) {
      calls_.push_back(std::make_unique<Call>());
      Call& call = *calls_.back();
      // A unary call of gRPC's would read by itself.
      call.asked = stub_.PrepareCall(&call.context, "/roomService.roomService/List", &queue_);
      call.asked->StartCall(&call);
      Await(&call);
      call.asked->WriteLast(bytes, grpc::WriteOptions(), &call);
      Await(&call);
    }
  }
  ~SlowReader() {
    for (const auto& call : calls_) call->context.TryCancel();
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {
    }
  }
  SlowReader(const SlowReader&) = delete;
  SlowReader& operator=(const SlowReader&) = delete;

  // Reads in the end; how many were there in full.
  int ReadAll() {
    int complete = 0;
    for (const auto& call : calls_) {
      call->asked->Read(&call->reply, call.get());
      if (Await(call.get())) ++complete;
    }
    return complete;
  }

 private:
  struct Call {
    grpc::ClientContext context;
    std::unique_ptr<grpc::GenericClientAsyncReaderWriter> asked;
    grpc::ByteBuffer reply;
  };

  bool Await(Call* call) {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok) && tag == call && ok;
  }

  grpc::GenericStub stub_;
  grpc::CompletionQueue queue_;
  std::vector<std::unique_ptr<Call>> calls_;
};

class SlowReadersTest : public ChaosTest {
 protected:
  SlowReadersTest() {
    chaos_.RestartWith("room",
                       {absl::StrCat("--longest_call=", absl::FormatDuration(kLongestCall))});
  }
  // Of "globex", so that the lists of others stay short.
  ::roomService::RoomListRequest LongList() {
    const SignedIn admin = house_.SignIn(house_.globex());
    for (int i = 0; i < kRooms; ++i) {
      ::roomService::RoomCreateRequest request;
      request.mutable_accessinfo()->set_accesstoken(admin.access_token);
      request.mutable_room()->set_displayname("long");
      for (int j = 0; j < kEntries; ++j) {
        (*request.mutable_room()->mutable_metadata())[absl::StrCat(j)] = std::string(kEntry, 'x');
      }
      grpc::ClientContext context;
      ::roomService::RoomCreateReply reply;
      EXPECT_TRUE(house_.room().Create(&context, request, &reply).ok());
      EXPECT_EQ(reply.replyinfo().statuscode(), ::common::OK) << reply.ShortDebugString();
    }
    ::roomService::RoomListRequest request;
    request.mutable_accessinfo()->set_accesstoken(admin.access_token);
    request.mutable_accessinfo()->set_includemetadata(true);
    return request;
  }
};

// S5.
TEST_F(SlowReadersTest, AreCutOffAtTheirDeadlineAndTheirMemoryIsGivenBack) {
  const ::roomService::RoomListRequest request = LongList();
  const Caller caller(house_);
  grpc::ClientContext context;
  ::roomService::RoomListReply reply;
  ASSERT_TRUE(house_.room().List(&context, request, &reply).ok());
  ASSERT_GT(reply.ByteSizeLong(), 2000000u);

  const pid_t process = Process("room");
  const int64_t before = MemoryOf(process);
  ForgetPeak(process);
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  SlowReader reader(ChannelOfAStranger(house_.Socket("room", "public"), arguments), request);
  const absl::Time deadline = absl::Now() + kLongestCall;
  while (absl::Now() < deadline + kLate) {
    const Answer answer = caller.Read("room");
    EXPECT_EQ(answer.told(), Told::kDone) << answer.Text();
  }
  EXPECT_TRUE(GivesMemoryBack(process, before, kBound, absl::Seconds(5)))
      << "while the clients are still there";
  // Some of the first ones may have been answered before their window was full.
  EXPECT_LE(reader.ReadAll(), kStreams / 10) << "they were not cut off";
}

}  // namespace slow_readers_test
}  // namespace usher::chaos
