// The table of sagas: what is written is what is claimed, once, and later each time.
#include "common/saga/saga_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/status/try.h"
#include "tests/support/a_caller.h"
#include "tests/support/scratch_database.h"
#include "tests/support/status_matchers.h"

namespace usher::saga {
namespace saga_table_test {

constexpr int kKind = 3;
constexpr absl::Duration kLong = absl::Hours(1);
constexpr absl::Duration kOver = -absl::Seconds(1);  // a lease that was over before it began

class SagaTableTest : public ::testing::Test {
 protected:
  template <class Body>
  auto Do(Body body) {
    return db::InTransaction(ACall(), pool_, body);
  }
  Subject Leave(const std::string& id, absl::Duration lease, const CallContext& call = ACall()) {
    const Subject subject{call.company, id};
    EXPECT_OK(Do([&](db::Transaction& tx) { return Begin(tx, call, subject, kKind, lease); }));
    return subject;
  }
  std::optional<Saga> ClaimOne(absl::Duration lease = kLong) {
    const auto claimed = Do([&](db::Transaction& tx) { return Claim(tx, lease); });
    EXPECT_OK(claimed);
    return claimed.value_or(std::nullopt);
  }
  std::optional<Saga> FinishOne(const Subject& subject, std::optional<int> state = std::nullopt) {
    const auto done = Do([&](db::Transaction& tx) { return Finish(tx, subject, kKind, state); });
    EXPECT_OK(done);
    return done.value_or(std::nullopt);
  }
  // In whole seconds from now.
  std::string LeaseOf(const Subject& subject) {
    return database_.Ask(
        absl::StrCat("SELECT round(extract(epoch FROM lease_until - now()) / 10) "
                     "FROM sagas WHERE subject = '",
                     subject.id, "'"));
  }

  ScratchDatabase database_{std::vector<db::Migration>{}};
  db::Pool& pool_ = database_.pool();
};

TEST_F(SagaTableTest, WhatIsClaimedIsWhatWasBegun) {
  CallContext call = ACaller().WithIdempotencyKey("key").Calling("room.create").BuildCall();
  call.peer = "192.0.2.7";
  Leave("a", kOver, call);
  const std::optional<Saga> saga = ClaimOne();
  ASSERT_TRUE(saga.has_value());
  EXPECT_EQ(saga->subject.company, call.company);
  EXPECT_EQ(saga->subject.id, "a");
  EXPECT_EQ(saga->kind, kKind);
  EXPECT_EQ(saga->state, 0);
  EXPECT_EQ(saga->attempts, 1);
  EXPECT_EQ(saga->call.company, call.company);
  EXPECT_EQ(saga->call.user, call.user);
  EXPECT_EQ(saga->call.rpc, "room.create");
  EXPECT_EQ(saga->call.request_id, call.request_id);
  EXPECT_EQ(saga->call.idempotency.key, "key");
  EXPECT_EQ(saga->call.peer, "192.0.2.7");
  EXPECT_FALSE(ClaimOne().has_value());
}

TEST_F(SagaTableTest, OneThingAtATimeIsUnderWayWithASubject) {
  const Subject subject = Leave("a", kLong);
  EXPECT_FALSE(Do([&](db::Transaction& tx) { return Begin(tx, ACall(), subject, 4, kLong); }).ok());
  Leave("a", kLong, ACall("globex"));
}

TEST_F(SagaTableTest, ASagaThatIsTriedInVainIsTriedLessAndLessOften) {
  const Subject subject = Leave("a", kOver);
  std::vector<std::string> leases;
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(ClaimOne(absl::Seconds(8)).has_value());
    leases.push_back(LeaseOf(subject));
    database_.Run("UPDATE sagas SET lease_until = now() - interval '1 second'");
  }
  EXPECT_THAT(leases, ::testing::ElementsAre("1", "2", "2", "2", "2"));  // times 10 seconds
  database_.Run("UPDATE sagas SET attempts = 2000000000");
  EXPECT_TRUE(ClaimOne(absl::Seconds(8)).has_value());
  EXPECT_EQ(LeaseOf(subject), "2");
  database_.Run("UPDATE sagas SET lease_until = now() - interval '1 second'");
  EXPECT_TRUE(ClaimOne(absl::Minutes(1)).has_value());
  EXPECT_EQ(LeaseOf(subject), "6") << "never shorter than a lease is";
}

TEST_F(SagaTableTest, ASagaThatSomebodyElseHoldsIsPassedBy) {
  Leave("held", -absl::Minutes(1));
  Leave("free", kOver);
  EXPECT_OK(Do([&](db::Transaction& tx) -> absl::Status {
    const auto held =
        db::Statement{"hold_saga", "SELECT 1 FROM sagas ORDER BY lease_until LIMIT 1 FOR UPDATE"};
    RETURN_IF_ERROR(tx.Execute(held, {}).status());
    const std::optional<Saga> saga = ClaimOne();
    EXPECT_EQ(saga.has_value() ? saga->subject.id : "", "free");
    return absl::OkStatus();
  }));
  const std::optional<Saga> saga = ClaimOne();
  EXPECT_EQ(saga.has_value() ? saga->subject.id : "", "held");
}

TEST_F(SagaTableTest, AMoveSetsTheStateAndRenewsTheLease) {
  const Subject subject = Leave("a", kOver);
  EXPECT_THAT(Do([&](db::Transaction& tx) { return Move(tx, subject, kKind, 5, kLong); }),
              IsOkAndHolds(true));
  EXPECT_FALSE(ClaimOne().has_value());
  EXPECT_FALSE(FinishOne(subject, 0).has_value());
  const std::optional<Saga> finished = FinishOne(subject, 5);
  ASSERT_TRUE(finished.has_value());
  EXPECT_EQ(finished->state, 5);
  EXPECT_THAT(Do([&](db::Transaction& tx) { return Move(tx, subject, kKind, 5, kLong); }),
              IsOkAndHolds(false));
}

TEST_F(SagaTableTest, OnlyTheOwnKindAndCompanyIsFinished) {
  const Subject subject = Leave("a", kLong);
  EXPECT_THAT(Do([&](db::Transaction& tx) { return Finish(tx, subject, kKind + 1); }),
              IsOkAndHolds(::testing::Eq(std::nullopt)));
  EXPECT_FALSE(FinishOne({CompanyId("globex"), "a"}).has_value());
  EXPECT_TRUE(FinishOne(subject).has_value());
  EXPECT_FALSE(FinishOne(subject).has_value());
}

TEST_F(SagaTableTest, WhatBeginsInThePlaceOfAnotherBeginsAnew) {
  const Subject subject = Leave("a", kOver);
  Leave("a", kLong, ACall("globex"));
  ASSERT_TRUE(ClaimOne().has_value());
  EXPECT_OK(Do([&](db::Transaction& tx) { return Move(tx, subject, kKind, 5, kLong).status(); }));
  EXPECT_OK(Do([&](db::Transaction& tx) {
    return Supersede(tx, ACall(), subject, kKind + 1, absl::ZeroDuration());
  }));
  EXPECT_EQ(database_.Ask("SELECT count(*) FROM sagas"), "2");
  const std::optional<Saga> saga = ClaimOne();
  ASSERT_TRUE(saga.has_value());
  EXPECT_EQ(saga->subject.id, "a");
  EXPECT_EQ(saga->kind, kKind + 1);
  EXPECT_EQ(saga->state, 0);
  EXPECT_EQ(saga->attempts, 1);
}

TEST_F(SagaTableTest, WhatHasNothingToSupersedeJustBegins) {
  EXPECT_OK(Do([&](db::Transaction& tx) {
    return Supersede(tx, ACall(), {CompanyId("acme"), "a"}, kKind, absl::ZeroDuration());
  }));
  EXPECT_TRUE(ClaimOne().has_value());
}

TEST_F(SagaTableTest, WhatIsUnderWayIsCountedWithTheAgeOfTheOldest) {
  Leave("a", kLong);
  Leave("b", kLong, ACall("globex"));
  database_.Run("UPDATE sagas SET created_at = now() - interval '5 minutes' WHERE subject = 'b'");
  const auto backlog = CountSagas(ACall(), pool_);
  ASSERT_OK(backlog);
  ASSERT_EQ(backlog->size(), 1u);
  EXPECT_EQ((*backlog)[0].kind, kKind);
  EXPECT_EQ((*backlog)[0].state, 0);
  EXPECT_EQ((*backlog)[0].count, 2);
  EXPECT_GE((*backlog)[0].oldest, absl::Minutes(5));
  EXPECT_LT((*backlog)[0].oldest, absl::Minutes(30));
}

TEST_F(SagaTableTest, WhatIsUnderWayIsListedTheOldestFirstWithWhoHasItInHand) {
  CallContext call = ACaller().WithIdempotencyKey("a secret of the client's").BuildCall();
  Leave("a", kLong, call);
  Leave("b", kOver, ACall("globex"));
  database_.Run("UPDATE sagas SET created_at = now() - interval '5 minutes' WHERE subject = 'b'");
  auto listed = ListSagas(ACall(), pool_, 10);
  ASSERT_OK(listed);
  ASSERT_EQ(listed->size(), 2u);
  EXPECT_EQ((*listed)[0].subject.company.value(), "globex");
  EXPECT_EQ((*listed)[0].subject.id, "b");
  EXPECT_GE((*listed)[0].age, absl::Minutes(5));
  EXPECT_LT((*listed)[0].lease, absl::ZeroDuration());
  const UnderWay one = (*listed)[1];
  EXPECT_EQ(one.subject.id, "a");
  EXPECT_EQ(one.kind, kKind);
  EXPECT_EQ(one.attempts, 0);
  EXPECT_EQ(one.rpc, call.rpc);
  EXPECT_EQ(one.request_id, call.request_id);
  EXPECT_GT(one.lease, absl::Minutes(50));
  EXPECT_THAT(one.holder, ::testing::EndsWith(absl::StrCat(":", getpid())));
  database_.Run("UPDATE sagas SET holder = 'another'");
  ASSERT_TRUE(ClaimOne().has_value());
  listed = ListSagas(ACall(), pool_, 1);
  ASSERT_OK(listed);
  ASSERT_EQ(listed->size(), 1u) << "no more than was asked for";
  EXPECT_EQ((*listed)[0].holder, one.holder) << "whoever claims it";
  EXPECT_EQ((*listed)[0].attempts, 1);
}

TEST_F(SagaTableTest, TwoClaimsAtOnceNeverGetTheSameSaga) {
  constexpr int kSagas = 60;
  for (int i = 0; i < kSagas; ++i) Leave(absl::StrCat(i), kOver);
  absl::Mutex mutex;
  std::multiset<std::string> claimed;
  std::vector<std::thread> threads;
  for (int n = 0; n < 4; ++n) {
    threads.emplace_back([&] {
      while (const std::optional<Saga> saga = ClaimOne()) {
        const absl::MutexLock lock(&mutex);
        claimed.insert(saga->subject.id);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(claimed.size(), size_t{kSagas});
  EXPECT_EQ(std::set<std::string>(claimed.begin(), claimed.end()).size(), size_t{kSagas});
}

}  // namespace saga_table_test
}  // namespace usher::saga
