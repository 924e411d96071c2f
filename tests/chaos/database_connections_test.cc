// What the network does to connections with PostgreSQL.
#include <functional>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/chaos/chaos_test_base.h"

namespace usher::chaos {
namespace database_connections_test {

constexpr absl::Duration kLongestCall = absl::Seconds(1);
constexpr int kConnections = 14;  // --statement_threads and --database_connections
constexpr absl::Duration kLate = absl::Milliseconds(1500);

class DatabaseConnectionsTest : public ChaosTest {
 protected:
  DatabaseConnectionsTest() {
    for (const std::string& service : House::Services()) {
      chaos_.RestartWith(service,
                         {absl::StrCat("--longest_call=", absl::FormatDuration(kLongestCall))});
    }
  }
  // Not a byte of the change can have reached PostgreSQL.
  void ExpectNoDoubtAfter(const std::function<void(Proxy&)>& fault) {
    for (const std::string& service : House::Services()) {
      WarmUp(service);
      fault(chaos_.ToDatabase(service));
      for (int i = 0; i < kConnections; ++i) {
        const Answer answer = caller_.Change(service, NewName());
        EXPECT_TRUE(answer.told() == Told::kDone || answer.told() == Told::kNotChanged)
            << service << ": " << answer.Text();
      }
    }
  }
  // Until all connections are there that a server keeps.
  void WarmUp(const std::string& service) {
    Trouble changes(kConnections, absl::ZeroDuration(),
                    [&] { caller_.Change(service, NewName()); });
    changes.Set(true);
    EXPECT_TRUE(Await(absl::Seconds(10), [&] { return changes.rounds() > 4 * kConnections; }));
  }

  const Caller caller_{house_, kLongestCall + 2 * kLate};
};

TEST_F(DatabaseConnectionsTest, AHalfOpenOneEndsCallsAtTheirDeadlineAndIsForgotten) {
  ExpectAllIsWell(caller_);
  for (const std::string& service : House::Services()) {
    // Nobody ever tells the server that these connections are gone; new ones work again at once.
    chaos_.ToDatabase(service).Set({.to_server = Flow::kSwallow, .to_client = Flow::kSwallow});
  }
  std::vector<std::thread> callers;
  for (const std::string& service : House::Services()) {
    callers.emplace_back([&, service] {
      for (const Answer& answer : {caller_.Read(service), caller_.Change(service, NewName())}) {
        EXPECT_TRUE(answer.told() == Told::kInDoubt || answer.told() == Told::kNotChanged)
            << service << ": " << answer.Text();
        EXPECT_LE(answer.took, kLongestCall + kLate) << service << ": " << answer.Text();
      }
    });
  }
  for (std::thread& thread : callers) thread.join();
  for (const std::string& service : House::Services()) chaos_.ToDatabase(service).Set({});
  ExpectAllIsWell(caller_);
}

TEST_F(DatabaseConnectionsTest, OneThatWasCutWhileItWasIdleCostsNoDoubt) {
  for (const Cut how : {Cut::kReset, Cut::kFin}) {
    ExpectNoDoubtAfter([how](Proxy& proxy) { proxy.CutAll(how); });
  }
}

// What was sent may have arrived or not, so doubt is allowed: the remedy is not to use what was
// idle for a minute, which tests/integration/common shows.
TEST_F(DatabaseConnectionsTest, OneThatTheNetworkForgotIsReplacedAtOnce) {
  for (const std::string& service : House::Services()) {
    WarmUp(service);
    chaos_.ToDatabase(service).ForgetAll();
    for (int i = 0; i < 2 * kConnections; ++i) {
      const Answer answer = caller_.Change(service, NewName());
      EXPECT_TRUE(answer.told() != Told::kWrong && answer.told() != Told::kRefused)
          << service << ": " << answer.Text();
      EXPECT_LE(answer.took, kLongestCall) << service << ": " << answer.Text();
    }
    const Answer answer = caller_.Change(service, NewName());
    EXPECT_EQ(answer.told(), Told::kDone) << service << ": " << answer.Text();
  }
}

TEST_F(DatabaseConnectionsTest, ASlowDatabaseDelaysNobodyWhoDoesNotNeedIt) {
  Trouble changes(16, absl::ZeroDuration(), [&] { caller_.Read("auth"); });
  EXPECT_TRUE(IsUndisturbed([&] { return caller_.IsAuthenticated().status; },
                            [&](bool on) {
                              const absl::Duration delay =
                                  on ? absl::Milliseconds(50) : absl::ZeroDuration();
                              chaos_.ToDatabase("auth").Set({.delay = delay});
                              changes.Set(on);
                            }));
}

}  // namespace database_connections_test
}  // namespace usher::chaos
