#include "services/auth/audit/refusal_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/reply_error.h"
#include "tests/support/a_caller.h"
#include "tests/support/fake_audit_store.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace refusal_queue_test {

class RefusalQueueTest : public ::testing::Test {
 protected:
  void Note(const std::string& object, const std::string& peer = "192.0.2.1") {
    CallContext call = ACall();
    call.peer = peer;
    queue_.Note(call, {.company = CompanyId("acme"),
                       .object = object,
                       .detail = "sign-in by password refused",
                       .outcome = 1002});
  }
  double Dropped() {
    for (const auto& family : registry_.Collect()) {
      if (family.name == "usher_audit_refusals_dropped_total") {
        return family.metric.at(0).counter.value;
      }
    }
    return -1;
  }

  FakeAuditStore store_;
  prometheus::Registry registry_;
  RefusalQueue queue_{store_, registry_};
};

TEST_F(RefusalQueueTest, NotingAsksNobodyAndFlushingWritesAllAtOnce) {
  Note("user 1");
  Note("user 2");
  EXPECT_EQ(store_.inserts, 0);
  ASSERT_OK(queue_.Flush());
  EXPECT_EQ(store_.inserts, 1);
  EXPECT_EQ(store_.rows.size(), 2u);
  EXPECT_EQ(store_.rows[0].request_id, "test-request");
  ASSERT_OK(queue_.Flush());
  EXPECT_EQ(store_.inserts, 1);
}

TEST_F(RefusalQueueTest, EqualOnesAreOneRowThatSaysHowOften) {
  for (int i = 0; i < 1000; ++i) Note("user 1");
  Note("user 1", "192.0.2.2");
  ASSERT_OK(queue_.Flush());
  ASSERT_EQ(store_.rows.size(), 2u);
  EXPECT_EQ(store_.rows[0].times, 1000);
  EXPECT_EQ(store_.rows[1].times, 1);
}

TEST_F(RefusalQueueTest, AFloodIsBoundedAndWhatIsDroppedIsCounted) {
  for (size_t i = 0; i < RefusalQueue::kMost + 50; ++i) Note(absl::StrCat("user ", i));
  EXPECT_EQ(Dropped(), 50);
  ASSERT_OK(queue_.Flush());
  EXPECT_EQ(store_.rows.size(), RefusalQueue::kMost);
}

TEST_F(RefusalQueueTest, WhatTheDatabaseDoesNotTakeIsDroppedAndCounted) {
  store_.failure = Unreachable("the database");
  Note("user 1");
  EXPECT_THAT(queue_.Flush(), IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_EQ(Dropped(), 1);
  store_.failure = absl::OkStatus();
  ASSERT_OK(queue_.Flush());
  EXPECT_EQ(store_.inserts, 0);
}

TEST_F(RefusalQueueTest, WhatWaitsAtTheEndIsWritten) {
  FakeAuditStore store;
  {
    prometheus::Registry registry;
    RefusalQueue queue(store, registry);
    queue.Note(ACall(), {.company = CompanyId("acme"), .object = "user 1", .detail = "x refused"});
  }
  EXPECT_EQ(store.rows.size(), 1u);
}

}  // namespace refusal_queue_test
}  // namespace usher::auth
