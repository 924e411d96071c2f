// A synchronous standby that never connects: no COMMIT is confirmed.
#include <atomic>
#include <memory>
#include <pqxx/pqxx>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/chaos/chaos_test_base.h"

namespace usher::chaos {
namespace standby_away_test {

constexpr int kWriters = 40;  // more than there are threads of any lane
constexpr absl::Duration kLookedAt = absl::Seconds(3);
constexpr absl::Duration kNoticed = absl::Seconds(1);  // a wait for a connection takes two

class StandbyAwayTest : public ChaosTest {
 protected:
  ~StandbyAwayTest() override { KeepWaiting(false); }

  // Whether commits wait for it. What waits when it is called off is confirmed.
  void KeepWaiting(bool on) {
    pqxx::connection connection(chaos_.cluster().url());
    pqxx::nontransaction work(connection);
    work.exec(
        absl::StrCat("ALTER SYSTEM SET synchronous_standby_names = '", on ? "nobody" : "", "'"));
    work.exec("SELECT pg_reload_conf()");
    // A new connection has it when the postmaster has, who tells the others at the same time.
    EXPECT_TRUE(Await(absl::Seconds(10), [&] {
      pqxx::connection fresh(chaos_.cluster().url());
      pqxx::nontransaction look(fresh);
      return look.exec1("SHOW synchronous_standby_names")[0].as<std::string>() ==
             (on ? "nobody" : "");
    }));
  }
  // Reads of `service` while all changes of it hang.
  void ExpectReadsGoOn(const std::string& service, const Ask& read,
                       const std::function<Answer()>& change) {
    std::atomic<int> wrong{0};
    Trouble changes(kWriters, absl::Milliseconds(200), [&] {
      const Answer answer = change();
      const Told told = answer.told();
      if (told != Told::kDone && told != Told::kInDoubt && told != Told::kNotChanged) ++wrong;
    });
    KeepWaiting(true);
    changes.Set(true);
    const absl::Time until = absl::Now() + kLookedAt;
    while (absl::Now() < until) {
      const absl::Time begin = absl::Now();
      const grpc::Status status = read();
      EXPECT_TRUE(status.ok()) << service << ": " << status.error_message();
      EXPECT_LT(absl::Now() - begin, kNoticed) << service;
    }
    KeepWaiting(false);
    changes.Stop();
    EXPECT_EQ(wrong, 0) << service;
  }
};

TEST_F(StandbyAwayTest, WhatReadsHasThreadsAndConnectionsWhileEveryCommitWaits) {
  const Caller caller(house_);
  const std::string room = caller.CreateRoom(NewName()).id;
  const auto room_change = [&] { return caller.CreateRoom(NewName()); };
  ExpectReadsGoOn(
      "room", [&] { return caller.Read("room").status; }, room_change);
  // Through the shared connections, on slow threads.
  ExpectReadsGoOn(
      "room", [&] { return caller.CreateJoinLink(room).status; }, room_change);
  ExpectReadsGoOn(
      "business-logic", [&] { return caller.ListFavorites().status; },
      [&] { return caller.AddFavorite(room); });
  ExpectReadsGoOn(
      "user", [&] { return caller.Read("user").status; },
      [&] { return caller.CreateUser(NewEmail()); });
}

TEST_F(StandbyAwayTest, WhatWasNotConfirmedIsInDoubtAndNeverDenied) {
  const Caller caller(house_);
  KeepWaiting(true);
  constexpr int kRooms = 12;
  std::vector<std::string> names;
  std::vector<Answer> answers(kRooms);
  std::vector<std::thread> threads;
  for (int i = 0; i < kRooms; ++i) names.push_back(NewName());
  for (int i = 0; i < kRooms; ++i) {
    threads.emplace_back([&, i] { answers[i] = caller.CreateRoom(names[i]); });
  }
  for (std::thread& thread : threads) thread.join();
  KeepWaiting(false);
  for (int i = 0; i < kRooms; ++i) {
    EXPECT_NE(answers[i].told(), Told::kDone) << "no standby has it";
    if (answers[i].told() == Told::kNotChanged) EXPECT_EQ(RoomsNamed(house_, names[i]), 0);
  }
  ExpectAllIsWell(caller);
}

}  // namespace standby_away_test
}  // namespace usher::chaos
