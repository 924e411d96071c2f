#include "deploy/engines/livekit/engine_session.h"

#include <gtest/gtest.h>

#include <optional>

#include "absl/synchronization/notification.h"
#include "tests/support/fake_clock.h"
#include "tests/unit/livekit/engine_fakes.h"

namespace usher::livekit {
namespace engine_session_test {

// The work stands still, at a question to usher whose answer is on its way, until it is let go.
class EngineSessionTest : public ::testing::Test {
 protected:
  EngineSessionTest() {
    livekit_->people_in[kRoom][kAnna] = AParticipant();
    livekit_->on_update = [this](const wire::Permission& permission) {
      if (!permission.can_publish() && !silenced_.HasBeenNotified()) silenced_.Notify();
    };
    // The first report is followed by a judgement of everybody, which is not the one to stand at.
    usher_->on_report = [this] { reported_ = true; };
    usher_->on_find_rights = [this] {
      if (!reported_ || stands_.HasBeenNotified()) return;
      stands_.Notify();
      goes_on_.WaitForNotification();
      usher_->rights = Rights(/*join=*/true, /*voice=*/false);
    };
  }
  // Both are the session's.
  EngineSession& Session() {
    session_.emplace(std::unique_ptr<LiveKitApi>(livekit_), std::unique_ptr<Usher>(usher_),
                     WorkOptions{.company = kCompany}, clock_, nullptr,
                     std::make_shared<std::atomic<bool>>(false));
    return *session_;
  }

  FakeClock clock_;
  absl::Notification stands_;
  absl::Notification goes_on_;
  absl::Notification silenced_;
  bool reported_ = false;
  FakeLiveKit* const livekit_ = new FakeLiveKit();
  FakeUsher* const usher_ = new FakeUsher();
  std::optional<EngineSession> session_;
};

// Who heard nothing else has usher's welcome to know by that something was missed.
TEST_F(EngineSessionTest,
       WhenNewsAreDroppedEverybodyIsJudgedAgainAsAfterTheWelcomeThatWasOneOfThem) {
  absl::Notification full;
  absl::Notification welcomed;
  usher_->on_watch = [&](const std::function<void(Usher::Command)>& take) {
    full.WaitForNotification();
    Usher::Command welcome;
    welcome.mutable_welcome()->set_report_every_seconds(30);
    take(std::move(welcome));
    welcomed.Notify();
  };
  EngineSession& session = Session();
  session.Start();
  stands_.WaitForNotification();
  for (size_t i = 0; i < EngineSession::kMostNews; ++i) session.Hear(wire::WebhookEvent());
  full.Notify();
  welcomed.WaitForNotification();
  goes_on_.Notify();
  EXPECT_TRUE(silenced_.WaitForNotificationWithTimeout(absl::Seconds(10)));
}

}  // namespace engine_session_test
}  // namespace usher::livekit
