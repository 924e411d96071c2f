// The answer of an internal call is lost: the request went out, was carried out, and then the
// connection broke. Nobody may say that nothing was changed; what goes on behind the client's back
// comes to its end, and then nothing is half there.
#pragma once

#include <gmock/gmock.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/chaos/chaos_test_base.h"
#include "tests/support/orphans.h"

namespace usher::chaos {

class AnswerLostTest : public ChaosTest {
 protected:
  static constexpr int kRounds = 15;
  static constexpr absl::Duration kSettled = absl::Seconds(20);  // the saga's lease is 15 s
  static constexpr absl::Duration kEnded = absl::Seconds(60);

  // Calls with an ambush before the internal port of `peer` each time. `judge` sees what was told.
  void InAmbush(const std::string& peer, const std::function<Answer(int round)>& call,
                const std::function<void(int round, const Answer&)>& judge) {
    Proxy& proxy = chaos_.ToInternal(peer);
    const int before = proxy.ambushed();
    for (int round = 0; round < kRounds; ++round) {
      Lay(peer);
      judge(round, call(round));
      proxy.TakeAmbushAway();
    }
    EXPECT_GT(proxy.ambushed(), before) << "nothing was cut";
  }
  void Lay(const std::string& peer) {
    chaos_.ToInternal(peer).Lay({.bytes = 1, .mercy = absl::Milliseconds(80)});
  }

  // The same on something that is made in good weather before, if `make` makes anything. What was
  // told is for Judge.
  void EachInAmbush(const std::string& peer, const std::function<std::string()>& make,
                    const std::function<Answer(const std::string& what)>& call) {
    std::string what;
    InAmbush(
        peer,
        [&](int) {
          chaos_.ToInternal(peer).TakeAmbushAway();
          what = make();
          Lay(peer);
          return call(what);
        },
        [&](int, const Answer& answer) {
          EXPECT_NE(answer.told(), Told::kWrong) << answer.Text();
          EXPECT_NE(answer.told(), Told::kRefused) << answer.Text();
          told_[what] = answer;
        });
  }
  // Of peers that hear of it behind the answer, sooner or later. What is said to them is encrypted,
  // so that an ambush has to go by connections, and those are open after a call in good weather.
  void EachLiesInWait(const std::vector<std::string>& peers,
                      const std::function<std::string()>& make,
                      const std::function<Answer(const std::string& what)>& call) {
    const std::string first = make();
    told_[first] = call(first);
    AwaitSagas();
    for (const std::string& peer : peers) {
      SCOPED_TRACE(peer);
      Proxy& proxy = chaos_.ToInternal(peer);
      const int before = proxy.ambushed();
      const std::string what = make();
      Lay(peer);
      told_[what] = call(what);
      EXPECT_TRUE(Await(kSettled, [&] { return proxy.ambushed() > before; })) << "nothing was cut";
      proxy.TakeAmbushAway();
    }
  }
  void AwaitSagas() {
    ASSERT_TRUE(Await(kEnded, [&] { return SagasUnderWay(house_) == 0; }))
        << SagasUnderWay(house_) << " sagas do not come to their end";
  }
  void Judge(const std::function<bool(const std::string& what)>& has_happened) {
    AwaitSagas();
    for (const auto& [what, answer] : told_) ExpectHonest(answer, has_happened(what));
    EXPECT_THAT(OrphansIn(house_), ::testing::IsEmpty());
  }

  // Where the peer is only asked, nothing is in doubt: it was not heard, so nothing was written.
  static void ExpectChangedOnlyIfDone(const Answer& answer, bool has_happened) {
    EXPECT_TRUE(answer.told() == Told::kDone || answer.told() == Told::kNotChanged)
        << answer.Text();
    EXPECT_EQ(has_happened, answer.told() == Told::kDone) << answer.Text();
  }

  const Caller caller_{house_};

 private:
  std::map<std::string, Answer> told_;  // by what it was about
};

}  // namespace usher::chaos
