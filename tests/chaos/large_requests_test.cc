// Requests as large as a server takes, from somebody without a token.
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/chaos/chaos_test_base.h"
#include "tests/chaos/raw_call.h"

namespace usher::chaos {
namespace {

constexpr int kEntries = 300000;  // 4 MB
constexpr absl::Duration kPeriod = absl::Milliseconds(100);
constexpr int64_t kBound = 64 * kMiB;

class LargeRequestsTest : public ChaosTest {
 protected:
  static grpc::ByteBuffer LargeCreation() {
    ::user::UserCreateRequest request;
    auto& metadata = *request.mutable_user()->mutable_metadata();
    for (int i = 0; i < kEntries; ++i) metadata[absl::StrCat(i)] = "";
    return Bytes(request.SerializeAsString());
  }
  void Judge(const std::function<void(grpc::ClientContext*)>& prepare) {
    house_.Restart("user");  // with the memory of a new process
    const Caller caller(house_);
    ASSERT_EQ(caller.Read("user").told(), Told::kDone);
    const int64_t before = MemoryOf(Process("user"));
    {
      const grpc::ByteBuffer request = LargeCreation();
      const auto channel = ChannelOfAStranger(house_.Socket("user", "public"));
      Trouble trouble(2, 2 * kPeriod, [&] {
        grpc::ClientContext context;
        context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(5)));
        prepare(&context);
        CallRaw(channel, "/user.UserService/userCreate", request, &context);
      });
      EXPECT_TRUE(IsUndisturbed([&] { return caller.Read("user").status; },
                                [&](bool on) { trouble.Set(on); }));
      EXPECT_GT(trouble.rounds(), 0);
    }
    EXPECT_TRUE(GivesMemoryBack(Process("user"), before, kBound));
  }
};

// C2, S2.
TEST_F(LargeRequestsTest, DoNotHoldUpOthers) {
  Judge([](grpc::ClientContext*) {});
}

TEST_F(LargeRequestsTest, DoNotHoldUpOthersWithAnIdempotencyKeyEither) {
  Judge([](grpc::ClientContext* context) { context->AddMetadata("idempotency-key", "k"); });
}

}  // namespace
}  // namespace usher::chaos
