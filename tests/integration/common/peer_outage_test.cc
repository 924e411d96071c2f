// What is said of calls to another service that does not answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "common/rpc/peer/nothing_changed.h"
#include "common/status/reply_error.h"
#include "tests/support/a_caller.h"
#include "tests/support/peer_test_base.h"
#include "tests/support/status_matchers.h"

namespace usher::rpc {
namespace peer_outage_test {

TEST_F(PeerTest, AChangeWhoseAnswerIsLostIsInDoubt) {
  std::atomic<int> carried_out = 0;
  const RawCompany company(Address(), Tls("company"), [&](grpc::ServerContext* context) {
    ++carried_out;
    context->TryCancel();
    return grpc::Status::OK;
  });
  Peer peer("company", Address(), Tls("user"));
  const absl::Status status = Destroy(peer);
  EXPECT_EQ(carried_out.load(), 1);
  EXPECT_THAT(status, IsUndecided(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("look whether the change"));
  EXPECT_THAT(Ask(peer), IsUndecided(absl::StatusCode::kUnavailable));
}

TEST_F(PeerTest, AChangeIsNotInDoubtWhereThePeerSaysThatNothingWasChanged) {
  std::atomic<bool> says_so = true;
  const RawCompany company(Address(), Tls("company"), [&](grpc::ServerContext* context) {
    if (says_so) context->AddTrailingMetadata(kNothingChangedTrailer, "1");
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "the database is out of reach");
  });
  Peer peer("company", Address(), Tls("user"));
  EXPECT_EQ(Destroy(peer), Unreachable("the company service"));
  says_so = false;
  EXPECT_THAT(Destroy(peer), IsUndecided(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(PeerTest, AChangeThatThePeerDidNotAnswerInTimeIsInDoubt) {
  absl::Notification over;
  server_.rpc().destroy = [&](const auto&, const auto&, auto&) {
    over.WaitForNotification();
    return absl::OkStatus();
  };
  Start();
  Peer peer("company", Address(), Tls("user"));
  EXPECT_THAT(Destroy(peer, absl::Seconds(1)), IsUndecided(absl::StatusCode::kDeadlineExceeded));
  over.Notify();
  server_.Stop();  // the body uses what goes out of scope here
}

TEST_F(PeerTest, AChangeThatCouldNotBeSentChangedNothing) {
  Peer peer("company", "unix:/tmp/no_such_socket", Tls("user"));
  EXPECT_EQ(Destroy(peer), Unreachable("the company service"));
}

TEST_F(PeerTest, ACallThatIsOverOrWhoseClientHasGoneIsNotSent) {
  server_.rpc().destroy = [](const auto&, const auto&, auto&) -> absl::Status {
    ADD_FAILURE() << "the body ran";
    return absl::OkStatus();
  };
  Start();
  Peer peer("company", Address(), Tls("user"));
  EXPECT_EQ(Destroy(peer, absl::ZeroDuration()), OutOfTime("before the company service was asked"));
  CallContext gone = ACaller().Until(absl::Now() + absl::Seconds(20)).BuildCall();
  gone.cancelled = std::make_shared<std::atomic<bool>>(true);
  EXPECT_THAT(
      peer.Call<CompanyService>(Effect::kChanges, gone, &CompanyService::Stub::companyDestroy,
                                CompanyDestroyRequest())
          .status(),
      IsUndecided(absl::StatusCode::kCancelled));
}

// As a process that was stopped: the kernel takes the connection, and nobody says a word.
TEST_F(PeerTest, AFrozenPeerCostsNoMoreThanTheDeadlineAndChangesNothing) {
  const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{.sun_family = AF_UNIX};
  const std::string path = absl::StrCat(*folder_, "/frozen");
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  ASSERT_EQ(listen(listener, 8), 0);
  Peer peer("company", "unix:" + path, Tls("user"));
  const absl::Time before = absl::Now();
  EXPECT_EQ(Destroy(peer, absl::Milliseconds(500)), Unreachable("the company service"));
  EXPECT_LT(absl::Now() - before, absl::Seconds(10));
  close(listener);
}

TEST_F(PeerTest, APeerThatHangsIsLeftAloneUntilItAnswersAgain) {
  absl::Mutex mutex;
  bool hangs = true;
  int begun = 0;
  server_.rpc().destroy = [&](const auto&, const auto&, auto&) {
    const absl::MutexLock lock(&mutex);
    ++begun;
    const auto goes_on = [&] { return !hangs; };
    mutex.Await(absl::Condition(&goes_on));
    return absl::OkStatus();
  };
  Start();
  Peer peer("company", Address(), Tls("user"),
            {.timeouts = 2, .pause = absl::Seconds(1), .fair_time = absl::Milliseconds(100)});
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(Destroy(peer, absl::Seconds(1)), IsUndecided(absl::StatusCode::kDeadlineExceeded));
  }
  EXPECT_EQ(Destroy(peer), Unreachable("the company service"));  // not after 20 seconds
  {
    const absl::MutexLock lock(&mutex);
    EXPECT_LE(begun, 2);
    hangs = false;
  }
  const absl::Time until = absl::Now() + absl::Seconds(30);
  while (!Destroy(peer).ok() && absl::Now() < until) continue;
  EXPECT_OK(Destroy(peer));
  server_.Stop();  // the bodies use what goes out of scope here
}

}  // namespace peer_outage_test
}  // namespace usher::rpc
