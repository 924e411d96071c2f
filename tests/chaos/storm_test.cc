// Every few seconds a random one of the five servers or PostgreSQL is killed or frozen, while
// clients write, found and destroy: what was acknowledged is there in the end, once, what was
// called off is not, and nothing is half there in any of the five databases.
#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "tests/chaos/chaos_test_base.h"
#include "tests/support/orphans.h"
#include "tests/support/own_server.h"

namespace usher::chaos {
namespace storm_test {

constexpr int kClients = 3;  // of each kind
constexpr absl::Duration kLongestFreeze = absl::Milliseconds(2500);
constexpr absl::Duration kSettled = absl::Seconds(60);  // leases of sagas, under load

// USHER_CHAOS_SEED repeats a run as far as threads allow.
unsigned Seed() {
  const char* text = std::getenv("USHER_CHAOS_SEED");
  unsigned seed = 0;
  if (text != nullptr && absl::SimpleAtoi(text, &seed)) return seed;
  return std::random_device()();
}

// What clients of one kind were told about what they made, by name.
class Ledger {
 public:
  void Write(const std::string& name, const Answer& answer) {
    const absl::MutexLock lock(&mutex_);
    told_[answer.told()].push_back(name);
    if (answer.told() == Told::kWrong || answer.told() == Told::kRefused) {
      surprises_.push_back(answer.Text());
    }
  }
  std::vector<std::string> Names(Told told) const {
    const absl::MutexLock lock(&mutex_);
    const auto found = told_.find(told);
    return found == told_.end() ? std::vector<std::string>() : found->second;
  }
  std::vector<std::string> surprises() const {
    const absl::MutexLock lock(&mutex_);
    return surprises_;
  }
  std::string Summary() const {
    return absl::StrCat(Names(Told::kDone).size(), " done, ", Names(Told::kNotChanged).size(),
                        " called off, ", Names(Told::kInDoubt).size(), " in doubt");
  }

 private:
  mutable absl::Mutex mutex_;
  std::map<Told, std::vector<std::string>> told_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> surprises_ ABSL_GUARDED_BY(mutex_);
};

class StormTest : public ChaosTest {
 protected:
  struct Disaster {
    size_t victim;  // of House::Services(), or one beyond them: PostgreSQL
    bool kills;     // or freezes
  };

  // One of each kind for each victim, in random order.
  static std::vector<Disaster> Deck(std::mt19937& random) {
    std::vector<Disaster> deck;
    for (size_t victim = 0; victim <= House::Services().size(); ++victim) {
      for (const bool kills : {true, false}) deck.push_back({victim, kills});
    }
    std::shuffle(deck.begin(), deck.end(), random);
    return deck;
  }
  // Started anew as often as it ends by itself with a reason, as deploy/compose does it: its start
  // may not find PostgreSQL either.
  void KillAndSupervise(const std::string& service) {
    constexpr int kEndedWithAReason = 1;
    house_.Kill(service);
    house_.Launch(service);
    const bool serves = Await(absl::Minutes(2), [&] {
      if (!house_.process(service).IsRunning()) {
        EXPECT_EQ(house_.process(service).Wait(absl::ZeroDuration()), kEndedWithAReason);
        house_.Launch(service);
      }
      return IsServing(house_.channel(service), absl::Seconds(1));
    });
    EXPECT_TRUE(serves) << service << " does not serve:\n" << house_.Log(service);
  }
  // Over when it returns.
  void Strike(const Disaster& disaster, absl::Duration freeze) {
    const bool is_postgres = disaster.victim == House::Services().size();
    const std::string service = is_postgres ? "postgres" : House::Services()[disaster.victim];
    std::cout << (disaster.kills ? "  kill -9 " : "  SIGSTOP ") << service << std::endl;
    if (is_postgres && disaster.kills) return chaos_.cluster().KillAndStart();
    if (disaster.kills) return KillAndSupervise(service);
    if (is_postgres) {
      chaos_.cluster().Freeze();
    } else {
      house_.process(service).Freeze();
    }
    absl::SleepFor(freeze);
    if (is_postgres) return chaos_.cluster().Thaw();
    house_.process(service).Signal(SIGCONT);
  }
  // What is looked for by name: a query with IN.
  struct Place {
    std::string service;
    std::string from;    // "users WHERE state = 2 AND"
    std::string column;  // "email"
  };
  // How many there are, and how many names they have.
  std::pair<int64_t, int64_t> Count(const Place& place, const std::vector<std::string>& names) {
    if (names.empty()) return {0, 0};
    std::pair<int64_t, int64_t> counts;
    const std::pair<std::string, std::string> found =
        absl::StrSplit(house_.database(place.service)
                           .Ask(absl::StrCat("SELECT count(*) || '/' || count(DISTINCT ",
                                             place.column, ") FROM ", place.from, " ", place.column,
                                             " IN ('", absl::StrJoin(names, "','"), "')")),
                       '/');
    EXPECT_TRUE(absl::SimpleAtoi(found.first, &counts.first));
    EXPECT_TRUE(absl::SimpleAtoi(found.second, &counts.second));
    return counts;
  }
  void ExpectOnce(const Place& place, const std::vector<std::string>& names) {
    const auto size = static_cast<int64_t>(names.size());
    EXPECT_EQ(Count(place, names), std::make_pair(size, size))
        << "lost, or there more than once: " << place.service << ", " << place.from;
  }
  void ExpectNone(const Place& place, const std::vector<std::string>& names) {
    EXPECT_EQ(Count(place, names).first, 0)
        << "of " << names.size() << ": " << place.service << ", " << place.from;
  }
  void JudgeMade(const Ledger& ledger, const Place& place) {
    EXPECT_FALSE(ledger.Names(Told::kDone).empty()) << place.from;
    ExpectOnce(place, ledger.Names(Told::kDone));
    ExpectNone(place, ledger.Names(Told::kNotChanged));
    EXPECT_THAT(ledger.surprises(), ::testing::IsEmpty()) << place.from;
  }
  void JudgeRemoved(const Ledger& ledger, const Place& place) {
    EXPECT_FALSE(ledger.Names(Told::kDone).empty()) << place.from;
    ExpectNone(place, ledger.Names(Told::kDone));
    ExpectOnce(place, ledger.Names(Told::kNotChanged));
    EXPECT_THAT(ledger.surprises(), ::testing::IsEmpty()) << place.from;
  }
};

TEST_F(StormTest, NothingAcknowledgedIsLostAndNothingCalledOffIsThere) {
  const unsigned seed = Seed();
  std::cout << "USHER_CHAOS_SEED=" << seed << std::endl;
  std::mt19937 random(seed);
  const Caller caller(house_, absl::Seconds(4));
  Ledger rooms;
  Ledger users;
  Ledger members;
  Ledger keys;
  Ledger leavers;
  Ledger companies;
  Ledger destroyed;
  Ledger repeated;
  const absl::Duration pause = absl::Milliseconds(20);
  const absl::Duration rarely = absl::Milliseconds(200);
  Trouble make_rooms(kClients, pause, [&] {
    const std::string name = NewName();
    rooms.Write(name, caller.CreateRoom(name));
  });
  Trouble make_users(kClients, pause, [&] {
    const std::string email = NewEmail();
    users.Write(email, caller.CreateUser(email));
  });
  Trouble make_members(kClients, pause, [&] {  // with a password: a hash, and a method at auth
    const std::string email = NewEmail();
    members.Write(email, caller.CreateUser(email, NewName()));
  });
  Trouble make_keys(kClients, pause, [&] {
    const std::string name = NewName();
    keys.Write(name, caller.Change("auth", name));
  });
  Trouble remove_users(1, pause, [&] {
    const std::string email = NewEmail();
    const Answer made = caller.CreateUser(email, NewName());
    if (made.told() == Told::kDone) leavers.Write(email, caller.DestroyUser(made.id));
  });
  Trouble found_companies(1, rarely, [&] {
    const std::string name = "c-" + NewName();
    companies.Write(name, caller.FoundCompany(name));
  });
  Trouble destroy_companies(1, rarely, [&] {
    const std::string name = "d-" + NewName();
    if (caller.FoundCompany(name).told() != Told::kDone) return;
    destroyed.Write(name, caller.DestroyCompany(name));
  });
  Trouble repeat_rooms(kClients, pause, [&] {  // with a key, until it is told to be there
    const std::string name = NewName();
    const absl::Time enough = absl::Now() + absl::Minutes(1);
    Answer answer = caller.CreateRoom(name, name);
    while (answer.told() != Told::kDone && absl::Now() < enough) {
      absl::SleepFor(absl::Milliseconds(100));
      answer = caller.CreateRoom(name, name);
    }
    repeated.Write(name, answer);
  });
  const std::array<Trouble*, 8> load = {&make_rooms,        &make_users,   &make_members,
                                        &make_keys,         &remove_users, &found_companies,
                                        &destroy_companies, &repeat_rooms};
  for (Trouble* trouble : load) trouble->Set(true);
  const absl::Time until = absl::Now() + LengthOfTheStorm();
  std::vector<Disaster> deck;
  while (absl::Now() < until) {
    absl::SleepFor(absl::Milliseconds(500 + random() % 1500));
    if (deck.empty()) deck = Deck(random);
    Strike(deck.back(), absl::Milliseconds(random() % absl::ToInt64Milliseconds(kLongestFreeze)));
    deck.pop_back();
  }
  ExpectAllIsWell(caller);
  for (Trouble* trouble : load) trouble->Stop();

  std::cout << "  rooms: " << rooms.Summary() << "\n  users: " << users.Summary()
            << "\n  with a password: " << members.Summary() << "\n  API keys: " << keys.Summary()
            << "\n  removed users: " << leavers.Summary()
            << "\n  companies: " << companies.Summary()
            << "\n  destroyed companies: " << destroyed.Summary()
            << "\n  rooms with a key: " << repeated.Summary() << std::endl;
  ASSERT_TRUE(Await(kSettled, [&] { return SagasUnderWay(house_) == 0; }))
      << SagasUnderWay(house_) << " sagas do not come to their end";
  const Place active_users{"user", "users WHERE state = 2 AND", "email"};
  const Place methods{"auth", "methods WHERE", "principal"};
  const Place active_companies{"company", "companies WHERE state = 2 AND", "company_id"};
  JudgeMade(rooms, {"room", "rooms WHERE", "display_name"});
  JudgeMade(repeated, {"room", "rooms WHERE", "display_name"});
  JudgeMade(users, active_users);
  JudgeMade(members, active_users);
  JudgeMade(members, methods);
  JudgeMade(keys, methods);
  JudgeRemoved(leavers, active_users);
  JudgeRemoved(leavers, methods);
  JudgeMade(companies, active_companies);
  JudgeMade(companies, {"auth", "companies WHERE", "company_id"});
  JudgeMade(companies, {"auth", "methods WHERE", "company_id"});
  JudgeMade(companies, {"user", "users WHERE state = 2 AND", "company_id"});
  JudgeRemoved(destroyed, active_companies);
  JudgeRemoved(destroyed, {"auth", "companies WHERE", "company_id"});
  JudgeRemoved(destroyed, {"user", "users WHERE", "company_id"});
  EXPECT_THAT(OrphansIn(house_), ::testing::IsEmpty());
}

}  // namespace storm_test
}  // namespace usher::chaos
