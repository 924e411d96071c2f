// Requests as large as a server takes, from somebody without a token.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/chaos/chaos_test_base.h"
#include "tests/chaos/raw_call.h"

namespace usher::chaos {
namespace large_requests_test {

constexpr int kClients = 2;
constexpr int kEntries = 300000;  // 4 MB
constexpr absl::Duration kPeriod = absl::Milliseconds(100);
constexpr int64_t kBound = 64 * kMiB;

constexpr char kUserCreate[] = "/user.UserService/userCreate";
constexpr char kAuthenticate[] = "/authentication.AuthenticationService/authenticate";

template <class Metadata>
void Fill(Metadata* metadata) {
  for (int i = 0; i < kEntries; ++i) (*metadata)[absl::StrCat(i)] = "";
}

class LargeRequestsTest : public ChaosTest {
 protected:
  static grpc::ByteBuffer LargeCreation() {
    ::user::UserCreateRequest request;
    Fill(request.mutable_user()->mutable_metadata());
    return Bytes(request.SerializeAsString());
  }
  static grpc::ByteBuffer LargeSignIn() {
    ::authentication::AuthenticationRequest request;
    Fill(request.mutable_metadata());
    return Bytes(request.SerializeAsString());
  }
  // Ten a second by two clients.
  static Trouble Sends(const std::string& address, const std::string& method,
                       const grpc::ByteBuffer& request, const std::string& idempotency_key = "") {
    const auto channel = ChannelOfAStranger(address);
    return Trouble(kClients, kClients * kPeriod, [=] {
      grpc::ClientContext context;
      context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(5)));
      if (!idempotency_key.empty()) context.AddMetadata("idempotency-key", idempotency_key);
      CallRaw(channel, method, request, &context);
    });
  }
  // What `ask` asks of a new process of `service`.
  void Judge(const std::string& service, const Ask& ask, Trouble trouble) {
    ASSERT_TRUE(ask().ok());
    const int64_t before = MemoryOf(Process(service));
    EXPECT_TRUE(IsUndisturbed(ask, [&](bool on) { trouble.Set(on); }));
    EXPECT_GT(trouble.rounds(), 0);
    trouble.Stop();
    EXPECT_TRUE(GivesMemoryBack(Process(service), before, kBound));
  }
};

TEST_F(LargeRequestsTest, DoNotHoldUpOthers) {
  house_.Restart("user");
  const Caller caller(house_);
  Judge(
      "user", [&] { return caller.Read("user").status; },
      Sends(house_.Socket("user", "public"), kUserCreate, LargeCreation()));
}

// S2.
TEST_F(LargeRequestsTest, DoNotHoldUpOthersWithAnIdempotencyKeyEither) {
  house_.Restart("user");
  const Caller caller(house_);
  Judge(
      "user", [&] { return caller.Read("user").status; },
      Sends(house_.Socket("user", "public"), kUserCreate, LargeCreation(), "k"));
}

TEST_F(LargeRequestsTest, DoNotHoldUpThoseWhoAreAuthenticated) {
  house_.Restart("auth");
  const Caller caller(house_);
  Judge(
      "auth", [&] { return caller.IsAuthenticated().status; },
      Sends(house_.Socket("auth", "public"), kAuthenticate, LargeSignIn()));
}

}  // namespace large_requests_test
}  // namespace usher::chaos
