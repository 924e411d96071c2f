// Every few seconds a random one of the five servers or PostgreSQL is killed or frozen, while
// clients write: what was acknowledged is there in the end, and what was called off is not.
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
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "tests/chaos/chaos_test_base.h"

namespace usher::chaos {
namespace {

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
  // Over when it returns.
  void Strike(const Disaster& disaster, absl::Duration freeze) {
    const bool is_postgres = disaster.victim == House::Services().size();
    const std::string service = is_postgres ? "postgres" : House::Services()[disaster.victim];
    std::cout << (disaster.kills ? "  kill -9 " : "  SIGSTOP ") << service << std::endl;
    if (is_postgres && disaster.kills) return chaos_.cluster().KillAndStart();
    if (disaster.kills) return house_.Restart(service);
    if (is_postgres) {
      chaos_.cluster().Freeze();
    } else {
      house_.process(service).Signal(SIGSTOP);
    }
    absl::SleepFor(freeze);
    if (is_postgres) return chaos_.cluster().Thaw();
    house_.process(service).Signal(SIGCONT);
  }
  // How many of `names` a query with IN finds.
  int64_t Count(const std::string& service, const std::string& place,
                const std::vector<std::string>& names) {
    if (names.empty()) return 0;
    int64_t count = 0;
    EXPECT_TRUE(absl::SimpleAtoi(
        house_.database(service).Ask(absl::StrCat("SELECT count(*) FROM ", place, " IN ('",
                                                  absl::StrJoin(names, "','"), "')")),
        &count));
    return count;
  }
  void Judge(const Ledger& ledger, const std::string& service, const std::string& place) {
    const std::vector<std::string> done = ledger.Names(Told::kDone);
    const std::vector<std::string> called_off = ledger.Names(Told::kNotChanged);
    EXPECT_FALSE(done.empty()) << place;
    EXPECT_EQ(Count(service, place, done), static_cast<int64_t>(done.size()))
        << "acknowledged and lost: " << service << ", " << place;
    // A saga that was called off may still be tidied up.
    EXPECT_TRUE(Await(kSettled, [&] { return Count(service, place, called_off) == 0; }))
        << "denied and done: " << service << ", " << place << ": "
        << Count(service, place, called_off) << " of " << called_off.size();
    EXPECT_THAT(ledger.surprises(), ::testing::IsEmpty()) << place;
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
  const absl::Duration pause = absl::Milliseconds(20);
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
  const std::array<Trouble*, 4> load = {&make_rooms, &make_users, &make_members, &make_keys};
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
            << std::endl;
  Judge(rooms, "room", "rooms WHERE display_name");
  Judge(users, "user", "users WHERE state = 2 AND email");
  Judge(members, "user", "users WHERE state = 2 AND email");
  Judge(members, "auth", "methods WHERE principal");
  Judge(keys, "auth", "methods WHERE principal");
}

}  // namespace
}  // namespace usher::chaos
