// The answer of an internal call is lost: the request went out, was carried out, and then the
// connection broke. Nobody may say that nothing was changed.
#include <gmock/gmock.h>

#include <functional>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/chaos/chaos_test_base.h"
#include "tests/support/orphans.h"

namespace usher::chaos {
namespace answer_lost_test {

constexpr int kRounds = 15;
constexpr absl::Duration kMercy = absl::Milliseconds(80);
constexpr absl::Duration kSettled = absl::Seconds(20);  // the saga's lease is 15 s

class AnswerLostTest : public ChaosTest {
 protected:
  // Calls with an ambush before the internal port of `peer` each time. `judge` sees what was told.
  void InAmbush(const std::string& peer, const std::function<Answer(int round)>& call,
                const std::function<void(int round, const Answer&)>& judge) {
    Proxy& proxy = chaos_.ToInternal(peer);
    const int before = proxy.ambushed();
    for (int round = 0; round < kRounds; ++round) {
      proxy.Lay({.bytes = 1, .mercy = kMercy});
      judge(round, call(round));
      proxy.TakeAmbushAway();
    }
    EXPECT_GT(proxy.ambushed(), before) << "nothing was cut";
  }

  // Where the peer is only asked, nothing is in doubt: it was not heard, so nothing was written.
  static void ExpectChangedOnlyIfDone(const Answer& answer, bool has_happened) {
    EXPECT_TRUE(answer.told() == Told::kDone || answer.told() == Told::kNotChanged)
        << answer.Text();
    EXPECT_EQ(has_happened, answer.told() == Told::kDone) << answer.Text();
  }
  bool IsFavorite(const std::string& room) {
    return house_.database("business-logic")
               .Ask(absl::StrCat("SELECT count(*) FROM favorites WHERE room_id = '", room, "'")) !=
           "0";
  }

  const Caller caller_{house_};
};

TEST_F(AnswerLostTest, OfAuthWhenAUserIsCreated) {
  std::string email;
  InAmbush(
      "auth",
      [&](int round) {
        return caller_.CreateUser(email = NewEmail(), NewName() + absl::StrCat(round));
      },
      [&](int, const Answer& answer) {
        ExpectHonest(answer, UserExists(house_, email));
        if (answer.told() == Told::kDone) {
          EXPECT_TRUE(MethodExists(house_, email)) << answer.Text();
        }
      });
}

// The user's profile and its password are two servers' affairs.
TEST_F(AnswerLostTest, OfAuthWhenAPasswordIsChanged) {
  const std::string email = NewEmail();
  std::string password = NewName();
  const Answer user = caller_.CreateUser(email, password);
  ASSERT_EQ(user.told(), Told::kDone) << user.Text();
  std::string next;
  InAmbush(
      "auth",
      [&](int) { return caller_.ChangePassword(user.id, email, password, next = NewName()); },
      [&](int, const Answer& answer) {
        const bool changed = caller_.SignIn(email, next).told() == Told::kDone;
        ExpectHonest(answer, changed);
        if (changed) password = next;
      });
}

TEST_F(AnswerLostTest, OfAuthWhenAUserIsDestroyed) {
  std::string email;
  InAmbush(
      "auth",
      [&](int) {
        chaos_.ToInternal("auth").TakeAmbushAway();
        Answer user;
        EXPECT_TRUE(Await(kSettled, [&] {
          user = caller_.CreateUser(email = NewEmail());
          return user.told() == Told::kDone;
        })) << user.Text();
        chaos_.ToInternal("auth").Lay({.bytes = 1, .mercy = kMercy});
        return caller_.DestroyUser(user.id);
      },
      [&](int, const Answer& answer) { ExpectHonest(answer, !UserExists(house_, email)); });
}

// They change nothing at their peer: lost is as good as never asked.
TEST_F(AnswerLostTest, OfAuthWhenAJoinLinkIsMade) {
  const std::string room = caller_.CreateRoom(NewName()).id;
  InAmbush(
      "auth", [&](int) { return caller_.CreateJoinLink(room); },
      [&](int, const Answer& answer) {
        EXPECT_TRUE(answer.told() == Told::kDone || answer.told() == Told::kNotChanged)
            << answer.Text();
      });
}

TEST_F(AnswerLostTest, OfRoomWhenAFavoriteIsAdded) {
  std::string room;
  InAmbush(
      "room", [&](int) { return caller_.AddFavorite(room = caller_.CreateRoom(NewName()).id); },
      [&](int, const Answer& answer) { ExpectChangedOnlyIfDone(answer, IsFavorite(room)); });
}

TEST_F(AnswerLostTest, OfAuthWhenAFavoriteIsAddedForSomebodyElse) {
  std::string room;
  InAmbush(
      "auth",
      [&](int) {
        return caller_.AddFavorite(room = caller_.CreateRoom(NewName()).id, caller_.member());
      },
      [&](int, const Answer& answer) { ExpectChangedOnlyIfDone(answer, IsFavorite(room)); });
}

TEST_F(AnswerLostTest, OfRoomWhenAGuestIsInvited) {
  const std::string room = caller_.CreateRoom(NewName()).id;
  const auto guests = [&] {
    return house_.database("auth").Ask(
        absl::StrCat("SELECT count(*) FROM methods WHERE room_id = '", room, "'"));
  };
  std::string before;
  InAmbush(
      "room",
      [&](int) {
        before = guests();
        return caller_.CreateGuest(room);
      },
      [&](int, const Answer& answer) { ExpectChangedOnlyIfDone(answer, guests() != before); });
}

// What goes on behind the client's back when an answer is lost: it comes to its end, and then
// nothing is half there, and everybody was told the truth.
class AnswerLostInSagaTest : public AnswerLostTest {
 protected:
  // Calls in ambush on something that is made in good weather before, if `make` makes anything.
  void EachInAmbush(const std::string& peer, const std::function<std::string()>& make,
                    const std::function<Answer(const std::string& what)>& call) {
    std::string what;
    InAmbush(
        peer,
        [&](int) {
          chaos_.ToInternal(peer).TakeAmbushAway();
          what = make();
          chaos_.ToInternal(peer).Lay({.bytes = 1, .mercy = kMercy});
          return call(what);
        },
        [&](int, const Answer& answer) {
          EXPECT_NE(answer.told(), Told::kWrong) << answer.Text();
          EXPECT_NE(answer.told(), Told::kRefused) << answer.Text();
          told_[what] = answer;
        });
  }
  void FoundInAmbush(const std::string& peer) {
    EachInAmbush(
        peer, [] { return "f-" + NewName(); },
        [&](const std::string& company) { return caller_.FoundCompany(company); });
  }
  std::string FoundInGoodWeather() {
    std::string company;
    Answer answer;
    EXPECT_TRUE(Await(kSettled, [&] {
      answer = caller_.FoundCompany(company = "d-" + NewName());
      return answer.told() == Told::kDone;
    })) << answer.Text();
    return company;
  }
  void DestroyInAmbush(const std::string& peer) {
    EachInAmbush(
        peer, [&] { return FoundInGoodWeather(); },
        [&](const std::string& company) { return caller_.DestroyCompany(company); });
  }
  // Of a peer that hears of it behind the answer, sooner or later, by a connection that may not be
  // open yet: what it is about is in the request.
  void LieInWait(const std::string& peer, const std::string& what,
                 const std::function<Answer(const std::string& what)>& call) {
    Proxy& proxy = chaos_.ToInternal(peer);
    const int before = proxy.ambushed();
    proxy.Lay({.pattern = what, .mercy = kMercy});
    told_[what] = call(what);
    EXPECT_TRUE(Await(kSettled, [&] { return proxy.ambushed() > before; })) << "nothing was cut";
    proxy.TakeAmbushAway();
  }
  void Judge(const std::function<bool(const std::string& what)>& has_happened) {
    ASSERT_TRUE(Await(absl::Seconds(60), [&] { return SagasUnderWay(house_) == 0; }))
        << SagasUnderWay(house_) << " sagas do not come to their end";
    for (const auto& [what, answer] : told_) ExpectHonest(answer, has_happened(what));
    EXPECT_THAT(OrphansIn(house_), ::testing::IsEmpty());
  }
  bool CompanyExists(const std::string& company) {
    return house_.database("company").Ask(
               absl::StrCat("SELECT count(*) FROM companies WHERE state = 2 AND company_id = '",
                            company, "'")) != "0";
  }

 private:
  std::map<std::string, Answer> told_;  // by what it was about
};

TEST_F(AnswerLostInSagaTest, OfAuthWhenACompanyIsFounded) {
  FoundInAmbush("auth");
  Judge([&](const std::string& company) { return CompanyExists(company); });
}

TEST_F(AnswerLostInSagaTest, OfUserWhenACompanyIsFounded) {
  FoundInAmbush("user");
  Judge([&](const std::string& company) { return CompanyExists(company); });
}

TEST_F(AnswerLostInSagaTest, OfEachServiceWhenACompanyIsDestroyed) {
  for (const char* peer : {"auth", "user", "room"}) {
    SCOPED_TRACE(peer);
    DestroyInAmbush(peer);
  }
  LieInWait("business-logic", FoundInGoodWeather(),
            [&](const std::string& company) { return caller_.DestroyCompany(company); });
  Judge([&](const std::string& company) { return !CompanyExists(company); });
}

TEST_F(AnswerLostInSagaTest, OfThoseWhoForgetAUserWhoWasDestroyed) {
  std::map<std::string, std::string> emails;  // by user
  for (const char* peer : {"room", "business-logic"}) {
    SCOPED_TRACE(peer);
    for (int round = 0; round < 3; ++round) {
      const std::string email = NewEmail();
      const std::string user = caller_.CreateUser(email, NewName()).id;
      emails[user] = email;
      LieInWait(peer, user, [&](const std::string& id) { return caller_.DestroyUser(id); });
    }
  }
  Judge([&](const std::string& user) { return !UserExists(house_, emails[user]); });
}

}  // namespace answer_lost_test
}  // namespace usher::chaos
