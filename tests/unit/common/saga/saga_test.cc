#include "common/saga/saga.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "absl/time/clock.h"
#include "common/status/reply_error.h"
#include "tests/support/a_caller.h"

namespace usher::saga {
namespace saga_test {

TEST(LeaseFor, IsLongerThanAnyCallWhateverItsLength) {
  for (const absl::Duration longest : {absl::Seconds(1), absl::Seconds(10), absl::Minutes(2)}) {
    const absl::Time arrived = absl::Now();
    const CallContext call = ACaller().Until(arrived + longest).BuildCall();
    EXPECT_GT(arrived + LeaseFor(longest), BeyondTheClient(call).deadline + absl::Seconds(5));
  }
}

TEST(BeyondTheClient, LeavesALittleTimeToACallThatIsOver) {
  CallContext call = ACaller().Until(absl::Now() - absl::Hours(1)).BuildCall();
  call.cancelled = std::make_shared<std::atomic<bool>>(true);
  const CallContext beyond = BeyondTheClient(call);
  EXPECT_GT(beyond.deadline, absl::Now() + absl::Seconds(1));
  EXPECT_FALSE(beyond.IsCancelled());
  EXPECT_EQ(beyond.request_id, call.request_id);
}

TEST(BeyondTheClient, TakesNoTimeFromACallThatHasMore) {
  const absl::Time deadline = absl::Now() + absl::Hours(1);
  EXPECT_EQ(BeyondTheClient(ACaller().Until(deadline).BuildCall()).deadline, deadline);
}

TEST(DidNothing, HoldsForRefusalsAndForWhatWasNeverAsked) {
  for (const absl::Status& failure :
       {ActionInvalid("taken"), PermissionMissing("USER_ADMIN"), UserNotFound(), TokenRefused(),
        Unreachable("the auth service"), Overloaded("the auth service")}) {
    EXPECT_TRUE(DidNothing(failure)) << failure;
  }
}

TEST(DidNothing, DoesNotHoldForWhatMayHaveHappened) {
  for (const absl::Status& failure :
       {InDoubt("the auth service"), OutOfTime("waiting"), RemoteError("auth"),
        ReplyError(::common::INTERNAL_ERROR, "ill"), absl::CancelledError("gone"),
        absl::InternalError("broken")}) {
    EXPECT_FALSE(DidNothing(failure)) << failure;
    EXPECT_FALSE(IsRefusal(failure)) << failure;
  }
}

TEST(SaysNotFound, HoldsForTheReplyCodeAlone) {
  EXPECT_TRUE(SaysNotFound(UserNotFound()));
  EXPECT_FALSE(SaysNotFound(absl::NotFoundError("a file")));
  EXPECT_FALSE(SaysNotFound(absl::OkStatus()));
}

}  // namespace saga_test
}  // namespace usher::saga
