// What calls do to each other that come to the user service's database at the same time.
#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/barrier.h"
#include "absl/synchronization/mutex.h"
#include "services/user/migrations.h"
#include "services/user/pg_user_store.h"
#include "tests/support/a_caller.h"
#include "tests/support/contracts/user_store_fixture.h"
#include "tests/support/scratch_database.h"
#include "tests/support/status_matchers.h"

namespace usher::user {
namespace pg_user_race_test {

using ::testing::ElementsAre;
using ::testing::Pair;
using Outcome = BegunCreation::Outcome;

constexpr int kThreads = 8;  // as many as the pool has connections
constexpr int kRounds = 20;
const CompanyId kCompany("acme");

class PgUserRaceTest : public ::testing::Test {
 protected:
  // Runs `body(n)` in each of the threads, all at the same time; how often each answer came.
  static std::map<std::string, int> Race(const std::function<std::string(int)>& body) {
    auto* const start = new absl::Barrier(kThreads);
    absl::Mutex mutex;
    std::map<std::string, int> answers;
    std::vector<std::thread> threads;
    for (int n = 0; n < kThreads; ++n) {
      threads.emplace_back([&, n] {
        if (start->Block()) delete start;
        const std::string answer = body(n);
        const absl::MutexLock lock(&mutex);
        ++answers[answer];
      });
    }
    for (std::thread& thread : threads) thread.join();
    return answers;
  }

  static std::string NameOf(const absl::StatusOr<BegunCreation>& begun) {
    if (!begun.ok()) return ReplyCodeName(begun.status());
    switch (begun->outcome) {
      case Outcome::kBegun:
        return "begun";
      case Outcome::kMadeBefore:
        return "made before";
      case Outcome::kUnsettled:
        return "unsettled";
      case Outcome::kAlreadyPresent:
        return "already present";
    }
    return "";
  }

  absl::StatusOr<BegunCreation> Begin(const std::string& email, const CallContext& call = ACall()) {
    User user;
    user.email = email;
    return store_.BeginCreation(call, {kCompany, UserId(NewUuid())}, user, absl::Hours(1));
  }
  UserKey Make(const std::string& email) {
    const auto begun = Begin(email);
    EXPECT_OK(begun);
    const UserKey key{kCompany, begun.value_or(BegunCreation()).user};
    EXPECT_OK(store_.CompleteCreation(ACall(), key));
    return key;
  }

  ScratchDatabase database_{Migrations()};
  PgUserStore store_{database_.pool()};
};

TEST_F(PgUserRaceTest, OfCreationsWithTheSameAddressExactlyOneBegins) {
  for (int round = 0; round < kRounds; ++round) {
    const std::string email = absl::StrCat("ann", round, "@x.org");
    const auto outcomes = Race(
        [&](int n) { return NameOf(Begin(n % 2 == 0 ? email : absl::AsciiStrToUpper(email))); });
    // The others are undecided: the first may yet be undone.
    EXPECT_THAT(outcomes, ElementsAre(Pair("begun", 1), Pair("no reply code", kThreads - 1)));
  }
  EXPECT_EQ(database_.Ask("SELECT count(*) FROM users"), absl::StrCat(kRounds));
}

TEST_F(PgUserRaceTest, OfUpdatesToTheSameAddressExactlyOneGetsIt) {
  std::vector<UserKey> keys;
  for (int n = 0; n < kThreads; ++n) keys.push_back(Make(absl::StrCat("old", n, "@x.org")));
  for (int round = 0; round < kRounds; ++round) {
    const std::string email = absl::StrCat("new", round, "@x.org");
    const auto outcomes = Race([&](int n) {
      const auto updated = store_.Update(ACall(), keys[n], Applying(UserChange{.email = email}));
      return updated.ok() ? "OK" : ReplyCodeName(updated.status());
    });
    EXPECT_THAT(outcomes, ElementsAre(Pair("ACTION_INVALID", kThreads - 1), Pair("OK", 1)));
  }
}

TEST_F(PgUserRaceTest, OfCreationsWithTheSameIdempotencyKeyExactlyOneBegins) {
  for (int round = 0; round < kRounds; ++round) {
    const CallContext call = ACaller().WithIdempotencyKey(absl::StrCat("key", round)).BuildCall();
    const auto outcomes = Race([&](int) { return NameOf(Begin("", call)); });
    EXPECT_THAT(outcomes, ElementsAre(Pair("begun", 1), Pair("unsettled", kThreads - 1)));
  }
}

TEST_F(PgUserRaceTest, OfRemovalsOfTheSameUserExactlyOneBegins) {
  for (int round = 0; round < kRounds; ++round) {
    const UserKey ann = Make("");
    const auto outcomes = Race([&](int) -> std::string {
      const auto begun = store_.BeginRemoval(ACall(), ann, absl::Hours(1));
      if (!begun.ok()) return begun.status().ToString();
      return *begun == BegunRemoval::kBegun    ? "begun"
             : *begun == BegunRemoval::kJoined ? "joined"
                                               : "neither";
    });
    EXPECT_THAT(outcomes, ElementsAre(Pair("begun", 1), Pair("joined", kThreads - 1)));
  }
}

TEST_F(PgUserRaceTest, TwoClaimsNeverGetTheSameSaga) {
  constexpr int kSagas = 200;
  for (int i = 0; i < kSagas; ++i) {
    EXPECT_OK(store_.BeginCreation(ACall(), {kCompany, UserId(NewUuid())}, User(),
                                   -absl::Seconds(1 + i)));
  }
  absl::Mutex mutex;
  std::multiset<std::string> claimed;
  const auto ends = Race([&](int) -> std::string {
    while (true) {
      const auto saga = store_.Claim(CallContext(), absl::Hours(1));
      if (!saga.ok()) return saga.status().ToString();
      if (!saga->has_value()) return "nothing left";
      const absl::MutexLock lock(&mutex);
      claimed.insert((*saga)->key.user.value());
    }
  });
  EXPECT_THAT(ends, ElementsAre(Pair("nothing left", kThreads)));
  EXPECT_EQ(claimed.size(), size_t{kSagas});
  EXPECT_EQ(std::set<std::string>(claimed.begin(), claimed.end()).size(), size_t{kSagas});
}

TEST_F(PgUserRaceTest, ACreationIsEitherCompletedOrUndone) {
  for (int round = 0; round < kRounds; ++round) {
    const auto begun = Begin("");
    ASSERT_OK(begun);
    const UserKey key{kCompany, begun->user};
    const auto outcomes = Race([&](int n) {
      return (n % 2 == 0 ? store_.CompleteCreation(ACall(), key)
                         : store_.UndoCreation(ACall(), key))
          .ToString();
    });
    EXPECT_THAT(outcomes, ElementsAre(Pair("OK", kThreads)));
    const auto found = store_.Find(ACall(), key);
    ASSERT_OK(found);
    EXPECT_EQ(database_.Ask(absl::StrCat("SELECT count(*) FROM users WHERE user_id = '",
                                         key.user.value(), "'")),
              found->has_value() ? "1" : "0");
    EXPECT_EQ(database_.Ask("SELECT count(*) FROM sagas"), "0");
  }
}

}  // namespace pg_user_race_test
}  // namespace usher::user
