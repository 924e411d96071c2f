#include "common/db/idempotency.h"

#include <gtest/gtest.h>

#include <thread>

#include "absl/synchronization/notification.h"
#include "common/db/audit.h"
#include "common/db/retention.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "tests/support/a_caller.h"
#include "tests/support/scratch_database.h"
#include "tests/support/status_matchers.h"

namespace usher::db {
namespace idempotency_test {

constexpr char kOther[] = "01900000-0000-7000-8000-000000000002";

class IdempotencyTest : public ::testing::Test {
 protected:
  static ACaller WithKey(absl::string_view key = "key", absl::string_view hash = "hash") {
    return ACaller().Calling("room.create").WithIdempotencyKey(key, hash);
  }
  absl::StatusOr<std::string> Bind(const ACaller& caller, const std::string& answer) {
    const CallContext call = caller.BuildCall();
    return InTransaction(call, database_.pool(),
                         [&](Transaction& tx) { return BindIdempotencyKey(tx, call, answer); });
  }
  // Waits until some connection waits for another one's lock.
  void AwaitWaiter() const {
    const absl::Time until = absl::Now() + absl::Seconds(30);
    while (database_.Ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                         "AND datname = current_database()") == "0" &&
           absl::Now() < until) {
      absl::SleepFor(absl::Milliseconds(1));
    }
  }

  ScratchDatabase database_{std::vector<Migration>{}};
};

TEST_F(IdempotencyTest, WithoutAKeyEveryCallIsNew) {
  const ACaller caller = ACaller().Calling("room.create");
  EXPECT_THAT(Bind(caller, "first"), IsOkAndHolds("first"));
  EXPECT_THAT(Bind(caller, "second"), IsOkAndHolds("second"));
  EXPECT_EQ(database_.Ask("SELECT count(*) FROM idempotency_keys"), "0");
}

TEST_F(IdempotencyTest, TheSameKeyGetsTheFirstAnswer) {
  EXPECT_THAT(Bind(WithKey(), "first"), IsOkAndHolds("first"));
  EXPECT_THAT(Bind(WithKey(), "second"), IsOkAndHolds("first"));
  EXPECT_THAT(Bind(WithKey(), "third"), IsOkAndHolds("first"));
}

TEST_F(IdempotencyTest, TheSameKeyWithAnotherRequestIsRefused) {
  ASSERT_OK(Bind(WithKey("key", "hash"), "first"));
  EXPECT_THAT(Bind(WithKey("key", "another hash"), "second"),
              HasReplyCode(::common::ACTION_INVALID));
}

TEST_F(IdempotencyTest, KeysOfOthersAreOtherKeys) {
  ASSERT_OK(Bind(WithKey(), "first"));
  EXPECT_THAT(Bind(WithKey("another key"), "a"), IsOkAndHolds("a"));
  EXPECT_THAT(Bind(WithKey().As(kOther), "b"), IsOkAndHolds("b"));
  EXPECT_THAT(Bind(WithKey().In("other"), "c"), IsOkAndHolds("c"));
  EXPECT_THAT(Bind(WithKey().Calling("user.create"), "d"), IsOkAndHolds("d"));
}

TEST_F(IdempotencyTest, AKeyOfATransactionThatRolledBackIsFree) {
  const CallContext call = WithKey().BuildCall();
  EXPECT_THAT(InTransaction(call, database_.pool(),
                            [&](Transaction& tx) -> absl::Status {
                              RETURN_IF_ERROR(BindIdempotencyKey(tx, call, "first").status());
                              return ActionInvalid("something else was wrong");
                            }),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_THAT(Bind(WithKey("key", "another hash"), "second"), IsOkAndHolds("second"));
}

TEST_F(IdempotencyTest, AReleasedKeyIsFree) {
  ASSERT_OK(Bind(WithKey(), "first"));
  const CallContext call = WithKey().BuildCall();
  EXPECT_OK(InTransaction(call, database_.pool(),
                          [&](Transaction& tx) { return ReleaseIdempotencyKey(tx, call); }));
  EXPECT_THAT(Bind(WithKey("key", "another hash"), "second"), IsOkAndHolds("second"));
}

TEST_F(IdempotencyTest, AKeyIsFreeAfter24Hours) {
  ASSERT_OK(Bind(WithKey(), "first"));
  database_.Run("UPDATE idempotency_keys SET created_at = now() - interval '23 hours 59 minutes'");
  EXPECT_THAT(Bind(WithKey(), "second"), IsOkAndHolds("first"));
  database_.Run("UPDATE idempotency_keys SET created_at = now() - interval '24 hours 1 minute'");
  EXPECT_THAT(Bind(WithKey("key", "another hash"), "third"), IsOkAndHolds("third"));
  EXPECT_THAT(Bind(WithKey("key", "another hash"), "fourth"), IsOkAndHolds("third"));
}

TEST_F(IdempotencyTest, OldKeysAreForgotten) {
  ASSERT_OK(Bind(WithKey("old"), "first"));
  database_.Run("UPDATE idempotency_keys SET created_at = now() - interval '25 hours'");
  ASSERT_OK(Bind(WithKey("new"), "second"));
  EXPECT_THAT(ForgetOldIdempotencyKeys(ACall(), database_.pool(), 1000), IsOkAndHolds(1));
  EXPECT_EQ(database_.Ask("SELECT string_agg(key, ',') FROM idempotency_keys"), "new");
}

TEST_F(IdempotencyTest, OfTwoAtOnceTheLaterGetsTheAnswerOfTheEarlier) {
  const CallContext call = WithKey().BuildCall();
  absl::Notification bound;
  std::thread later([&] {
    bound.WaitForNotification();
    EXPECT_THAT(Bind(WithKey(), "second"), IsOkAndHolds("first"));
  });
  EXPECT_THAT(InTransaction(call, database_.pool(),
                            [&](Transaction& tx) -> absl::StatusOr<std::string> {
                              ASSIGN_OR_RETURN(std::string answer,
                                               BindIdempotencyKey(tx, call, "first"));
                              bound.Notify();
                              AwaitWaiter();
                              return answer;
                            }),
              IsOkAndHolds("first"));
  later.join();
}

TEST_F(IdempotencyTest, OfTwoAtOnceTheLaterGoesOnWhenTheEarlierFails) {
  const CallContext call = WithKey().BuildCall();
  absl::Notification bound;
  std::thread later([&] {
    bound.WaitForNotification();
    EXPECT_THAT(Bind(WithKey(), "second"), IsOkAndHolds("second"));
  });
  EXPECT_FALSE(InTransaction(call, database_.pool(), [&](Transaction& tx) -> absl::Status {
                 RETURN_IF_ERROR(BindIdempotencyKey(tx, call, "first").status());
                 bound.Notify();
                 AwaitWaiter();
                 return ActionInvalid("no");
               }).ok());
  later.join();
}

TEST_F(IdempotencyTest, AuditSaysWhoDidWhatToWhom) {
  const CallContext call = ACaller().Calling("room.update").BuildCall();
  ASSERT_OK(InTransaction(call, database_.pool(), [&](Transaction& tx) {
    return Audit(tx, call, call.company, "room 7", "permissions");
  }));
  EXPECT_EQ(
      database_.Ask("SELECT concat_ws('|', company_id, user_id, rpc, object, detail, "
                    "request_id, peer) FROM audit"),
      std::string("acme|") + kCallerId + "|room.update|room 7|permissions|test-request|127.0.0.1");
}

TEST_F(IdempotencyTest, AuditGoesWithItsTransaction) {
  const CallContext call = ACall();
  EXPECT_FALSE(InTransaction(call, database_.pool(), [&](Transaction& tx) -> absl::Status {
                 RETURN_IF_ERROR(Audit(tx, call, call.company, "room 7"));
                 return ActionInvalid("no");
               }).ok());
  EXPECT_EQ(database_.Ask("SELECT count(*) FROM audit"), "0");
}

TEST_F(IdempotencyTest, AuditTakesOpenCalls) {
  CallContext call = ACall();
  call.user = UserId();
  EXPECT_OK(InTransaction(call, database_.pool(), [&](Transaction& tx) {
    return Audit(tx, call, CompanyId("acme"), "reset");
  }));
}

}  // namespace idempotency_test
}  // namespace usher::db
