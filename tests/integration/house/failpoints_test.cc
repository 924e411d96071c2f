// Every step of every saga, here and at whoever takes part, x {the process dies, dawdles, fails},
// with one and with two servers of each service: afterwards everything is there, or nothing is, in
// all five databases.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "tests/integration/house/driven_saga.h"
#include "tests/support/orphans.h"

namespace usher {
namespace failpoints_test {

using Words = std::vector<std::string>;

constexpr absl::Duration kConverged = absl::Seconds(30);
constexpr absl::Duration kDone = absl::Seconds(120);  // until each deed is done

struct Step {
  std::string saga;
  std::string place;
  std::string failed_before;  // a place whose failure leads there; empty: none is needed
  bool swept = false;         // the sweeper comes there, after the client has been answered
};

// The last word of a place says what has been done there.
const std::vector<Step>& Steps() {
  static const auto* const steps = new std::vector<Step>{
      {"creation", "creation.begun"},
      {"creation", "auth.ensureUser"},
      {"creation", "creation.ensured"},
      {"creation", "creation.completed"},
      {"creation", "auth.settleUser", "creation.ensured", true},
      {"creation", "creation.settled", "creation.begun", true},
      {"creation", "creation.settled", "creation.ensured", true},
      {"profile", "profile.begun"},
      {"profile", "profile.changed"},
      {"profile", "profile.settled"},
      {"removal", "removal.begun"},
      {"removal", "auth.removeUser"},
      {"removal", "removal.removed"},
      {"removal", "removal.completed"},
      {"removal", "removal.looked_up", "removal.begun", true},
      {"removal", "removal.looked_up", "removal.removed", true},
      {"removal", "room.forgetUser", "", true},
      {"removal", "forgetting.told_room", "", true},
      {"removal", "business-logic.forgetUser", "", true},
      {"removal", "forgetting.told", "", true},
      {"founding", "founding.begun"},
      {"founding", "user.ensureFirstUser"},
      {"founding", "founding.profile"},
      {"founding", "auth.ensureCompany"},
      {"founding", "founding.ensured"},
      {"founding", "founding.completed"},
      {"founding", "auth.settleCompany", "founding.ensured", true},
      {"founding", "founding.settled", "founding.profile", true},
      {"founding", "founding.settled", "founding.ensured", true},
      {"founding", "founding.cleared", "founding.profile", true},
      {"destruction", "destruction.begun"},
      {"destruction", "auth.destroyCompany"},
      {"destruction", "destruction.destroyed"},
      {"destruction", "destruction.confirmed"},
      {"destruction", "destruction.looked_up", "destruction.begun", true},
      {"destruction", "destruction.looked_up", "destruction.destroyed", true},
      {"destruction", "destruction.cleared_in_part", "", true},
      {"destruction", "destruction.cleared", "", true},
      {"destruction", "destruction.rested", "", true},
  };
  return *steps;
}

// Starts again whatever server dies, as a supervisor does; of those that ran when it began. It
// waits for none: one may need another one that has died since.
class Supervisor {
 public:
  explicit Supervisor(House& house) : house_(house), thread_([this] { Run(); }) {}
  ~Supervisor() {
    ending_.store(true);
    thread_.join();
  }
  int deaths() const { return deaths_.load(); }

 private:
  void Run() {
    std::vector<std::string> wanted;
    for (const std::string& server : house_.Servers()) {
      if (house_.process(server).IsRunning()) wanted.push_back(server);
    }
    while (!ending_.load()) {
      for (const std::string& server : wanted) {
        if (house_.process(server).IsRunning()) continue;
        ++deaths_;
        house_.Launch(server);
      }
      absl::SleepFor(absl::Milliseconds(10));
    }
  }

  House& house_;
  std::atomic<bool> ending_{false};
  std::atomic<int> deaths_{0};
  std::thread thread_;
};

bool Within(absl::Duration time, const std::function<bool()>& holds) {
  const absl::Time until = absl::Now() + time;
  while (!holds()) {
    if (absl::Now() > until) return false;
    absl::SleepFor(absl::Milliseconds(20));  // what is asked costs those who work
  }
  return true;
}

class FailpointsTest : public ::testing::Test {
 protected:
  // One that was driven, whatever has become of it.
  struct Driven {
    std::unique_ptr<DrivenSaga> saga;
    std::string request;
    std::string deed;
    Told told;
  };

  // Drives sagas of that kind until the deed was done to one of them, or awaits it.
  void Drive(SagaClient& client, const Step& step, const std::string& deed, int replicas) {
    const absl::Time until = absl::Now() + kDone;
    for (int attempt = 0; absl::Now() < until; ++attempt) {
      auto saga = DrivenSaga::Make(step.saga, client);
      if (!saga->Prepare()) {
        absl::SleepFor(absl::Milliseconds(50));  // somebody is coming back
        continue;
      }
      Words deeds;
      if (!step.failed_before.empty()) deeds.push_back(step.failed_before + ":error");
      deeds.push_back(absl::StrCat(step.place, ":", deed));
      const std::string request = NewUuid();
      houses_.Await(request, deeds);
      // Who dawdles outlasts the client.
      const absl::Duration patience = deed == "sleep" ? absl::Seconds(1.5) : absl::Seconds(20);
      const Told told = saga->Ask(request, 1 + attempt % replicas, patience);
      const bool on_its_way = step.swept && (houses_.Left(request) < deeds.size() ||
                                             (deeds.size() == 1 && told == Told::kDone));
      const bool done =
          on_its_way || Within(absl::Seconds(1), [&] { return houses_.Left(request) == 0; });
      {
        const absl::MutexLock lock(&mutex_);
        driven_.push_back({std::move(saga), request, absl::StrJoin(deeds, ", "), told});
        if (done) awaited_.push_back(request);
      }
      if (done) return;
      // Somebody else's death was in the way: nothing awaits this one any more.
      houses_.Await(request, {});
    }
    ADD_FAILURE() << step.place << ":" << deed << " was never reached";
  }

  bool AllIsDone() {
    for (const std::string& request : awaited_) {
      if (houses_.Left(request) > 0) return false;
    }
    return true;
  }
  std::string NotDone() {
    std::string left;
    for (const Driven& one : driven_) {
      if (houses_.Left(one.request) > 0) absl::StrAppend(&left, one.deed, "; ");
    }
    return left;
  }

  void DriveAll(SagaClient& client, int replicas) {
    // What kills nobody, at once.
    std::vector<std::thread> threads;
    for (const Step& step : Steps()) {
      for (const char* deed : {"sleep", "error"}) {
        threads.emplace_back([&, deed] { Drive(client, step, deed, replicas); });
      }
    }
    for (std::thread& thread : threads) thread.join();
    threads.clear();
    // Deaths that a call meets: one after the other, for each service that dies.
    std::map<std::string, std::vector<Step>> by_victim;
    for (const Step& step : Steps()) {
      if (!step.swept) by_victim[VictimOf(step)].push_back(step);
    }
    for (const auto& [victim, steps] : by_victim) {
      threads.emplace_back([&, &steps = steps] {
        for (const Step& step : steps) Drive(client, step, "exit", replicas);
      });
    }
    for (std::thread& thread : threads) thread.join();
    threads.clear();
    // Those in the background come when they come.
    for (const Step& step : Steps()) {
      if (step.swept) threads.emplace_back([&] { Drive(client, step, "exit", replicas); });
    }
    for (std::thread& thread : threads) thread.join();
  }

  // The process that comes to the place.
  static std::string VictimOf(const Step& step) {
    for (const std::string& service : House::Services()) {
      if (step.place.rfind(service + ".", 0) == 0) return service;
    }
    return step.saga == "founding" || step.saga == "destruction" ? "company" : "user";
  }

  void JudgeAll() {
    std::atomic<size_t> next{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (size_t at = next++; at < driven_.size(); at = next++) {
          SCOPED_TRACE(driven_[at].deed);
          driven_[at].saga->Judge(driven_[at].told);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

  void ExpectAllOrNothing(int replicas) {
    houses_.Populate(replicas);
    SagaClient client(houses_);
    const absl::Time begin = absl::Now();
    {
      const Supervisor supervisor(house_);
      DriveAll(client, replicas);
      // No call is at any of them any more: the first lease need not be waited for.
      for (const char* service : {"user", "company"}) {
        house_.database(service).Run("UPDATE sagas SET lease_until = now() WHERE attempts = 0");
      }
      EXPECT_TRUE(Within(kDone, [&] { return AllIsDone(); })) << NotDone();
      const absl::Time since = absl::Now();
      EXPECT_TRUE(Within(kConverged, [&] { return SagasLeft(house_) == 0; }))
          << "what is under way has not come to its end";
      std::cout << "  " << driven_.size() << " sagas, " << supervisor.deaths()
                << " deaths; driven in " << absl::FormatDuration(since - begin)
                << ", at their end after another " << absl::FormatDuration(absl::Now() - since)
                << std::endl;
    }
    EXPECT_THAT(OrphansIn(house_), ::testing::IsEmpty());
    houses_.Populate(replicas);
    JudgeAll();
    EXPECT_TRUE(Within(kConverged, [&] { return SagasLeft(house_) == 0; }));
    EXPECT_THAT(OrphansIn(house_), ::testing::IsEmpty());
  }

  DoubleHouse& houses_ = DoubleHouse::Get();
  House& house_ = houses_.house();
  absl::Mutex mutex_;
  std::vector<Driven> driven_;
  std::vector<std::string> awaited_;
};

TEST_F(FailpointsTest, EverythingIsThereOrNothingWhateverFailsAtWhichStep) {
  ExpectAllOrNothing(/*replicas=*/1);
}

TEST_F(FailpointsTest, EverythingIsThereOrNothingWithTwoServersOfEachService) {
  ExpectAllOrNothing(/*replicas=*/2);
}

}  // namespace failpoints_test
}  // namespace usher
