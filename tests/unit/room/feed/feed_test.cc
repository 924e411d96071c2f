#include "services/room/feed/feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "tests/support/fake_clock.h"

namespace usher::room {
namespace feed_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

Topic Of(const std::string& company, const std::string& name) { return {CompanyId(company), name}; }
Topic Acme(const std::string& name) { return Of("acme", name); }

// Remembers what it is to read.
class FakeReader final : public FeedReader {
 public:
  void TakeIn() override {
    followed.insert(arrived.begin(), arrived.end());
    arrived.clear();
  }
  bool Follows(const Topic& topic) const override { return followed.contains(topic); }
  std::vector<Topic> Followed() const override { return {followed.begin(), followed.end()}; }
  absl::StatusOr<std::vector<Topic>> Read(Feed&, const std::vector<Topic>& topics) override {
    if (!failure.ok()) return failure;
    if (topics.front().company == unreadable) return absl::UnavailableError("this one alone");
    reads.push_back(topics);
    if (read.has_value() && !read->HasBeenNotified()) read->Notify();
    return std::exchange(more, {});
  }
  absl::StatusOr<absl::Time> DoWhatIsDue(Feed&) override {
    ++was_due;
    return due;
  }

  // Each in a vector of its own, as it was read.
  std::vector<std::vector<Topic>> TakeReads() { return std::exchange(reads, {}); }

  std::set<Topic> arrived;
  std::set<Topic> followed;
  std::vector<Topic> more;  // what there is more of after the next read
  absl::Status failure;
  CompanyId unreadable;
  absl::Time due = absl::InfiniteFuture();
  std::vector<std::vector<Topic>> reads;
  int was_due = 0;
  std::optional<absl::Notification> read;  // lets a test wait for a thread
};

class FeedTest : public ::testing::Test {
 protected:
  void Follow(const std::vector<Topic>& topics) {
    reader_.followed.insert(topics.begin(), topics.end());
  }
  void RunDry() {
    while (feed_.Round() <= clock_.Now()) {
    }
  }

  FakeClock clock_;
  FakeReader reader_;
  Feed feed_{reader_, clock_, {.name = "test", .topics_at_once = 2}};
};

TEST_F(FeedTest, WhatIsCalledIsReadAndWhatNobodyFollowsIsNot) {
  Follow({Acme("1")});
  feed_.Look(Acme("1"));
  feed_.Look(Acme("1"));
  feed_.Look(Acme("2"));
  feed_.Look(Of("other", "1"));
  RunDry();
  EXPECT_THAT(reader_.reads, ElementsAre(ElementsAre(Acme("1"))));
}

TEST_F(FeedTest, NothingIsReadThatWasNotCalled) {
  Follow({Acme("1"), Acme("2")});
  reader_.due = clock_.Now() + absl::Hours(1);
  EXPECT_EQ(feed_.Round(), reader_.due);
  clock_.Advance(absl::Hours(1));
  feed_.Round();
  EXPECT_THAT(reader_.reads, IsEmpty());
}

TEST_F(FeedTest, OneReadIsOfOneCompanyAndOfSoManyTopics) {
  Follow({Acme("1"), Acme("2"), Acme("3"), Of("other", "1")});
  for (const Topic& topic : reader_.Followed()) feed_.Look(topic);
  feed_.Round();
  EXPECT_THAT(reader_.TakeReads(),
              ElementsAre(ElementsAre(Acme("1"), Acme("2")), ElementsAre(Acme("3")),
                          ElementsAre(Of("other", "1"))));
  feed_.LookEverywhere();
  RunDry();
  EXPECT_THAT(reader_.TakeReads(),
              ElementsAre(ElementsAre(Acme("1"), Acme("2")), ElementsAre(Acme("3")),
                          ElementsAre(Of("other", "1"))));
}

TEST_F(FeedTest, WhatIsCalledWaitsForOneReadOfALookEverywhereAtMost) {
  Follow({Acme("1"), Of("other", "1"), Of("third", "1"), Of("third", "2")});
  feed_.LookEverywhere();
  feed_.Look(Of("third", "1"));
  EXPECT_EQ(feed_.Round(), clock_.Now());
  EXPECT_THAT(reader_.TakeReads(),
              ElementsAre(ElementsAre(Of("third", "1")), ElementsAre(Acme("1"))));
  feed_.Look(Acme("1"));
  feed_.Round();
  EXPECT_THAT(reader_.TakeReads(),
              ElementsAre(ElementsAre(Acme("1")), ElementsAre(Of("other", "1"))));
  RunDry();
  // The other one has been looked at already.
  EXPECT_THAT(reader_.TakeReads(), ElementsAre(ElementsAre(Of("third", "2"))));
}

TEST_F(FeedTest, WhereThereIsMoreItReadsAgain) {
  Follow({Acme("1"), Acme("2")});
  feed_.LookEverywhere();
  reader_.more = {Acme("2")};
  EXPECT_EQ(feed_.Round(), clock_.Now());
  RunDry();
  EXPECT_THAT(reader_.reads,
              ElementsAre(ElementsAre(Acme("1"), Acme("2")), ElementsAre(Acme("2"))));
}

TEST_F(FeedTest, AFailureLosesNothingAndWhatIsCalledMeanwhileWaitsAsWell) {
  Follow({Acme("1"), Acme("2"), Acme("3")});
  feed_.Look(Acme("1"));
  feed_.LookEverywhere();
  reader_.failure = absl::UnavailableError("away");
  EXPECT_GT(feed_.Round(), clock_.Now());
  feed_.Look(Acme("2"));
  EXPECT_GT(feed_.Round(), clock_.Now());
  feed_.Look(Acme("1"));
  reader_.failure = absl::OkStatus();
  RunDry();
  EXPECT_THAT(reader_.reads,
              ElementsAre(ElementsAre(Acme("1"), Acme("2")), ElementsAre(Acme("3"))));
}

TEST_F(FeedTest, ACompanyThatCannotBeReadKeepsNoOtherWaiting) {
  Follow({Of("a", "1"), Of("b", "1"), Of("c", "1")});
  reader_.unreadable = CompanyId("b");
  for (const Topic& topic : reader_.Followed()) feed_.Look(topic);
  feed_.LookEverywhere();
  for (int i = 0; i < 3; ++i) EXPECT_GT(feed_.Round(), clock_.Now());
  EXPECT_THAT(reader_.TakeReads(),
              ElementsAre(ElementsAre(Of("a", "1")), ElementsAre(Of("c", "1"))));
  EXPECT_EQ(reader_.was_due, 3);
  reader_.unreadable = CompanyId();
  RunDry();
  EXPECT_THAT(reader_.TakeReads(), ElementsAre(ElementsAre(Of("b", "1"))));
}

TEST_F(FeedTest, WhoCameBeforeTheirTopicWasCalledIsRead) {
  reader_.arrived = {Acme("1")};
  feed_.Look(Acme("1"));
  feed_.Round();
  EXPECT_THAT(reader_.reads, ElementsAre(ElementsAre(Acme("1"))));
}

TEST_F(FeedTest, WhenTooManyAreCalledItLooksEverywhere) {
  Follow({Acme("0"), Acme("1")});
  for (int i = 0; i <= 10'000; ++i) feed_.Look(Acme(absl::StrCat(i)));
  RunDry();
  EXPECT_THAT(reader_.reads, ElementsAre(UnorderedElementsAre(Acme("0"), Acme("1"))));
}

TEST_F(FeedTest, ItsThreadReadsWhenItIsCalled) {
  const SystemClock clock;
  reader_.read.emplace();
  Follow({Acme("1")});
  Feed feed(reader_, clock, {.name = "test"});
  feed.Start();
  feed.Look(Acme("1"));
  EXPECT_TRUE(reader_.read->WaitForNotificationWithTimeout(absl::Seconds(20)));
}

}  // namespace feed_test
}  // namespace usher::room
