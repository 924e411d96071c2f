#include "common/server/connection_counts.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <deque>
#include <utility>

#include "absl/time/clock.h"

namespace usher::server {
namespace connection_counts_test {

// A descriptor as accept(2) gives it: the lowest that is free.
class Connection {
 public:
  Connection() : descriptor_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ~Connection() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Connection(Connection&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Connection& operator=(Connection&&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

class ConnectionCountsTest : public ::testing::Test {
 protected:
  // As many as there is room for, of `wanted` new ones.
  int Open(const char* key, int wanted) {
    int opened = 0;
    for (int i = 0; i < wanted; ++i) {
      Connection connection;
      if (!counts_.TryAdd(key, connection.descriptor(), now_)) continue;
      open_.push_back(std::move(connection));
      ++opened;
    }
    return opened;
  }
  // The longest there.
  void Close(int number) {
    for (int i = 0; i < number; ++i) open_.pop_front();
  }
  void LetTimePass() { now_ += ConnectionCounts::kBetweenLooks; }

  ConnectionCounts counts_{3};
  absl::Time now_ = absl::Now();
  std::deque<Connection> open_;
};

TEST_F(ConnectionCountsTest, AnAddressHasNoMoreThanItsShareAndOthersHaveTheirs) {
  EXPECT_EQ(Open("192.0.2.1", 5), 3);
  EXPECT_EQ(counts_.CountOf("192.0.2.1"), 3u);
  EXPECT_EQ(Open("192.0.2.2", 5), 3);
}

TEST_F(ConnectionCountsTest, WhatIsClosedCountsNoMoreThoughNobodyHasSaidSo) {
  EXPECT_EQ(Open("192.0.2.1", 3), 3);
  Close(2);
  LetTimePass();
  EXPECT_EQ(Open("192.0.2.1", 3), 2);
}

TEST_F(ConnectionCountsTest, ADescriptorThatIsSomethingElseByNowCountsNoMore) {
  EXPECT_EQ(Open("192.0.2.1", 3), 3);
  Close(3);
  const Connection others[3];  // of the database, say, by the same numbers
  LetTimePass();
  EXPECT_EQ(Open("192.0.2.1", 3), 3);
}

TEST_F(ConnectionCountsTest, ADescriptorGoesFromOneAddressToTheNext) {
  EXPECT_EQ(Open("192.0.2.1", 3), 3);
  Close(3);
  EXPECT_EQ(Open("192.0.2.2", 2), 2);
  EXPECT_EQ(counts_.CountOf("192.0.2.1"), 1u);
  Open("192.0.2.3", 1);
  EXPECT_EQ(counts_.CountOf("192.0.2.1"), 0u);
  EXPECT_EQ(counts_.keys(), 2u) << "addresses are kept that have no connection";
}

TEST_F(ConnectionCountsTest, AnAddressThatTriesInARowIsLookedAtNowAndThen) {
  EXPECT_EQ(Open("192.0.2.1", 4), 3);
  Close(1);
  const int taken = dup(STDERR_FILENO);  // else the next connection had that number, and told
  EXPECT_EQ(Open("192.0.2.1", 100), 0);
  LetTimePass();
  EXPECT_EQ(Open("192.0.2.1", 100), 1);
  close(taken);
}

}  // namespace connection_counts_test
}  // namespace usher::server
