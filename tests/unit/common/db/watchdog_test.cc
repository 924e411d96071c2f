#include "common/db/watchdog.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "absl/time/clock.h"
#include "common/db/socket_wait.h"
#include "tests/support/status_matchers.h"

namespace usher::db {
namespace watchdog_test {

class SocketPair {
 public:
  SocketPair() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_), 0); }
  ~SocketPair() {
    close(ends_[0]);
    close(ends_[1]);
  }
  int own() const { return ends_[0]; }
  int other() const { return ends_[1]; }

 private:
  int ends_[2] = {-1, -1};
};

// As a blocking call of libpq does; false when it took half a minute.
bool Read(int socket) {
  pollfd awaited{socket, POLLIN, 0};
  return poll(&awaited, 1, 30'000) == 1;
}

TEST(Watchdog, EndsAWaitAtItsDeadline) {
  Watchdog dog;
  const SocketPair pair;
  Watchdog::Watch watch(dog, pair.own());
  watch.Start(absl::Now() + absl::Milliseconds(5));
  EXPECT_TRUE(Read(pair.own()));
  EXPECT_TRUE(watch.cut_off());
}

TEST(Watchdog, AnEarlierDeadlineThatComesLaterIsKept) {
  Watchdog dog;
  const SocketPair patient;
  const SocketPair brief;
  Watchdog::Watch long_watch(dog, patient.own());
  Watchdog::Watch short_watch(dog, brief.own());
  long_watch.Start(absl::Now() + absl::Hours(1));
  short_watch.Start(absl::Now() + absl::Milliseconds(5));
  EXPECT_TRUE(Read(brief.own()));
  EXPECT_FALSE(long_watch.cut_off());
}

TEST(Watchdog, LeavesAloneWhoIsDone) {
  Watchdog dog;
  const SocketPair done;
  const SocketPair next;
  Watchdog::Watch watch(dog, done.own());
  const absl::Time deadline = absl::Now() + absl::Milliseconds(5);
  watch.Start(deadline);
  watch.Stop();
  Watchdog::Watch later(dog, next.own());
  later.Start(deadline + absl::Milliseconds(1));
  ASSERT_TRUE(Read(next.own()));  // so it has looked
  EXPECT_FALSE(watch.cut_off());
  EXPECT_FALSE(SaidGoodbye(done.own()));
}

TEST(Watchdog, AWatchStartsAnew) {
  Watchdog dog;
  const SocketPair pair;
  Watchdog::Watch watch(dog, pair.own());
  watch.Start(absl::InfinitePast());
  ASSERT_TRUE(Read(pair.own()));
  watch.Stop();
  watch.Start(absl::InfiniteFuture());
  EXPECT_FALSE(watch.cut_off());
}

TEST(AwaitSocket, WaitsOnWhenToldALaterMoment) {
  const SocketPair pair;
  int asked = 0;
  const auto until = [&] {
    ++asked;
    if (asked == 3) {
      EXPECT_EQ(write(pair.other(), "x", 1), 1);
    }
    return absl::Now() + absl::Milliseconds(2);
  };
  EXPECT_OK(AwaitSocket(pair.own(), POLLIN, until));
  EXPECT_GE(asked, 3);
}

TEST(AwaitSocket, EndsWhenTheMomentHasPassed) {
  const SocketPair pair;
  EXPECT_THAT(AwaitSocket(pair.own(), POLLIN, [] { return absl::InfinitePast(); }),
              IsUndecided(absl::StatusCode::kDeadlineExceeded));
}

TEST(SaidGoodbye, IsWhenTheOtherSideHasClosed) {
  SocketPair pair;
  EXPECT_FALSE(SaidGoodbye(pair.own()));
  shutdown(pair.other(), SHUT_RDWR);
  EXPECT_TRUE(SaidGoodbye(pair.own()));
}

}  // namespace watchdog_test
}  // namespace usher::db
