// SIGSTOP of PostgreSQL: sockets stay open, and nobody answers.
#include <signal.h>

#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/chaos/chaos_test_base.h"

namespace usher::chaos {
namespace postgres_frozen_test {

constexpr absl::Duration kLongestCall = absl::Seconds(1);
constexpr absl::Duration kFrozen = absl::Seconds(3);
constexpr absl::Duration kLate = absl::Milliseconds(1500);  // a busy machine
constexpr absl::Duration kLongestDrain = absl::Seconds(1);
constexpr absl::Duration kBeyondDrain = absl::Seconds(5);  // docs/operations.md

class PostgresFrozenTest : public ChaosTest {
 protected:
  PostgresFrozenTest() {
    for (const std::string& service : House::Services()) {
      chaos_.RestartWith(service,
                         {absl::StrCat("--longest_call=", absl::FormatDuration(kLongestCall)),
                          absl::StrCat("--longest_drain=", absl::FormatDuration(kLongestDrain))});
    }
  }
  static void ExpectEndedInTime(const Answer& answer, const std::string& what) {
    const grpc::StatusCode code = answer.status.error_code();
    EXPECT_TRUE(code == grpc::StatusCode::DEADLINE_EXCEEDED ||
                code == grpc::StatusCode::UNAVAILABLE)
        << what << ": " << answer.Text();
    EXPECT_LE(answer.took, kLongestCall + kLate) << what << ": " << answer.Text();
  }
};

// The client is patient, so that it is the server that ends the calls.
TEST_F(PostgresFrozenTest, CallsEndAtTheirDeadlinesAndAllIsWellAfterwards) {
  const Caller caller(house_, kLongestCall + 2 * kLate);
  ExpectAllIsWell(caller);
  std::vector<pid_t> processes;
  for (const std::string& service : House::Services()) processes.push_back(Process(service));

  chaos_.cluster().Freeze();
  const absl::Time until = absl::Now() + kFrozen;
  std::vector<std::thread> callers;
  for (const std::string& service : House::Services()) {
    callers.emplace_back([&, service] {
      do {
        ExpectEndedInTime(caller.Read(service), absl::StrCat(service, ", a read"));
      } while (absl::Now() < until);
    });
    callers.emplace_back([&, service] {
      do {
        ExpectEndedInTime(caller.Change(service, NewName()), absl::StrCat(service, ", a change"));
      } while (absl::Now() < until);
    });
  }
  while (absl::Now() < until) {  // judged in memory
    const Answer answer = caller.IsAuthenticated();
    EXPECT_EQ(answer.told(), Told::kDone) << answer.Text();
  }
  for (std::thread& thread : callers) thread.join();
  chaos_.cluster().Thaw();

  ExpectAllIsWell(caller);
  for (size_t i = 0; i < processes.size(); ++i) {
    EXPECT_EQ(Process(House::Services()[i]), processes[i]);
    EXPECT_TRUE(house_.process(House::Services()[i]).IsRunning());
  }
}

TEST_F(PostgresFrozenTest, SigtermEndsEveryServerAllTheSame) {
  const Caller caller(house_, kLongestCall + 2 * kLate);
  chaos_.cluster().Freeze();
  std::vector<std::future<Answer>> calls;
  for (const std::string& service : House::Services()) {
    for (int i = 0; i < 4; ++i) {
      calls.push_back(std::async(std::launch::async,
                                 [&, service] { return caller.Change(service, NewName()); }));
    }
  }
  absl::SleepFor(absl::Milliseconds(200));  // they are under way; if not, the test is easier
  const absl::Time until = absl::Now() + kLongestDrain + kBeyondDrain + kLate;
  for (const std::string& service : House::Services()) house_.process(service).Signal(SIGTERM);
  for (const std::string& service : House::Services()) {
    EXPECT_TRUE(Await(until - absl::Now(), [&] { return !house_.process(service).IsRunning(); }))
        << service << " does not end:\n"
        << house_.Log(service).substr(std::max<size_t>(house_.Log(service).size(), 2000) - 2000);
  }
  for (auto& call : calls) call.wait();
}

TEST_F(PostgresFrozenTest, SigtermEndsAServerThatStillStarts) {
  chaos_.cluster().Freeze();
  for (const std::string& service : House::Services()) {
    house_.Kill(service);
    house_.Launch(service);
  }
  absl::SleepFor(absl::Milliseconds(500));  // they wait for their first connection
  for (const std::string& service : House::Services()) house_.process(service).Signal(SIGTERM);
  const absl::Time until = absl::Now() + kLongestDrain + kBeyondDrain + kLate;
  for (const std::string& service : House::Services()) {
    EXPECT_TRUE(Await(until - absl::Now(), [&] { return !house_.process(service).IsRunning(); }))
        << service << " does not end";
  }
}

}  // namespace postgres_frozen_test
}  // namespace usher::chaos
