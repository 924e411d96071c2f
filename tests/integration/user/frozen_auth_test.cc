// Auth hangs: whoever needs it is told so in time, and whoever does not is served meanwhile.
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "tests/integration/user/user_over_the_wire.h"

namespace usher {
namespace frozen_auth_test {

constexpr int kCallers = 48;  // more than the user service has slow threads

class FrozenAuthTest : public UserOverTheWire {
 protected:
  ~FrozenAuthTest() override { house_.Thaw("auth"); }

  // With a deadline of its own.
  static grpc::Status UpdateWithin(absl::Duration time, const ::user::UserUpdateRequest& request) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + time));
    ::common::ReplyInfo reply;
    return House::Get().user().userUpdate(&context, request, &reply);
  }
};

TEST_F(FrozenAuthTest, AFrozenAuthDoesNotTakeAllSlowThreadsOfTheUserService) {
  const Account ann = NewUser();
  ::user::UserUpdateRequest title;
  title.set_userid(ann.user);
  *title.mutable_user() = Titled("Dr.");
  title = As(AdminOf("acme"), title);
  ::user::UserUpdateRequest password;
  password.set_userid(ann.user);
  *password.mutable_authenticationrequest() = PasswordFor(ann.username);
  password = As(AdminOf("acme"), password);

  house_.Freeze("auth");
  absl::Mutex mutex;
  std::map<grpc::StatusCode, int> ends;
  std::vector<std::thread> callers;
  for (int n = 0; n < kCallers; ++n) {
    callers.emplace_back([&] {
      const grpc::Status status = UpdateWithin(absl::Seconds(20), password);
      const absl::MutexLock lock(&mutex);
      ++ends[status.error_code()];
    });
  }
  // Those who wait for auth give up after 10 seconds, which the others do not have.
  int served = 0;
  for (int round = 0; round < 5; ++round) {
    served += UpdateWithin(absl::Seconds(5), title).ok() ? 1 : 0;
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(served, 5);
  EXPECT_EQ(ends[grpc::StatusCode::OK], 0);
  // In doubt, left alone, or no room: nothing else, and nobody waits for ever.
  EXPECT_EQ(ends[grpc::StatusCode::DEADLINE_EXCEEDED] + ends[grpc::StatusCode::UNAVAILABLE] +
                ends[grpc::StatusCode::RESOURCE_EXHAUSTED],
            kCallers);

  house_.Thaw("auth");
  const absl::Time until = absl::Now() + absl::Seconds(60);
  while (!UpdateWithin(absl::Seconds(10), password).ok()) ASSERT_LT(absl::Now(), until);
}

}  // namespace frozen_auth_test
}  // namespace usher
