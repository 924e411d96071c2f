#include "services/auth/method/feed_log.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/auth/local_auth_source.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_method_store.h"
#include "tests/support/judging.h"
#include "tests/support/signed_token.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace feed_log_test {

using token::Revocation;
using token::RevocationKind;

class FeedLogTest : public ::testing::Test {
 protected:
  std::vector<Revocation> Rows(int64_t first, int64_t last) const {
    std::vector<Revocation> rows;
    for (int64_t i = first; i <= last; ++i) {
      rows.push_back(
          {i, RevocationKind::kUser, CompanyId("acme"), absl::StrCat("user ", i), clock_.Now()});
    }
    return rows;
  }
  std::vector<int64_t> After(int64_t sequence) const {
    std::vector<int64_t> sequences;
    const auto page = log_.After(sequence);
    EXPECT_OK(page);
    if (!page.ok()) return sequences;
    for (const Revocation& row : page->revocations) sequences.push_back(row.sequence);
    return sequences;
  }

  FakeClock clock_;
  FakeClock age_clock_;
  token::FeedState state_{age_clock_};
  FeedLog log_{state_};
};

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Auth answers from memory also when its database was never there.
TEST_F(FeedLogTest, NothingIsPassedOnBeforeAllWasReadOnce) {
  log_.Append(Rows(1, 2));
  EXPECT_THAT(log_.After(0), StatusIs(absl::StatusCode::kUnavailable));
  state_.NoteCompleteRound(state_.Now());
  EXPECT_THAT(After(0), ElementsAre(1, 2));
}

TEST_F(FeedLogTest, TellsWhatCameAfterAPositionInOrder) {
  state_.NoteCompleteRound(state_.Now());
  EXPECT_THAT(After(0), IsEmpty());
  log_.Append(Rows(5, 6));
  log_.Append(Rows(9, 9));
  EXPECT_THAT(After(0), ElementsAre(5, 6, 9));
  EXPECT_THAT(After(5), ElementsAre(6, 9));
  EXPECT_THAT(After(7), ElementsAre(9));
  EXPECT_THAT(After(9), IsEmpty());
  EXPECT_THAT(After(100), IsEmpty());
}

TEST_F(FeedLogTest, HasEveryRowOnce) {
  state_.NoteCompleteRound(state_.Now());
  log_.Append(Rows(1, 3));
  log_.Append(Rows(2, 4));
  EXPECT_THAT(After(0), ElementsAre(1, 2, 3, 4));
}

TEST_F(FeedLogTest, PagesAreBoundedAndSayThatThereIsMore) {
  constexpr auto kPage = static_cast<int64_t>(FeedLog::kLargestPage);
  state_.NoteCompleteRound(state_.Now());
  log_.Append(Rows(1, kPage + 1));
  const auto first = *log_.After(0);
  EXPECT_EQ(first.revocations.size(), FeedLog::kLargestPage);
  EXPECT_TRUE(first.more);
  const auto second = *log_.After(first.revocations.back().sequence);
  EXPECT_EQ(second.revocations.size(), 1u);
  EXPECT_FALSE(second.more);
}

TEST_F(FeedLogTest, SaysHowOldItIs) {
  state_.NoteCompleteRound(state_.Now());
  age_clock_.Advance(absl::Seconds(90));
  EXPECT_EQ(log_.After(0)->age, absl::Seconds(90));
}

TEST_F(FeedLogTest, ForgetsWhatNoTokenCanMeet) {
  state_.NoteCompleteRound(state_.Now());
  log_.Append(Rows(1, 2));
  clock_.Advance(absl::Hours(1));
  log_.Append(Rows(3, 3));
  log_.Forget(clock_.Now());
  EXPECT_THAT(After(0), ElementsAre(3));
}

// The whole way: the database, auth's own feed, and what the others are told.
TEST(LocalAuthSource, PassesOnWhatItsOwnFeedHasReadAlsoWhenTheDatabaseIsGone) {
  const FakeClock clock;
  FakeMethodStore store(clock);
  const token::TokenSigner signer({token::AKey(1)}, clock);
  token::FeedState state;
  token::KeyRing keys;
  token::Revocations revocations;
  LocalAuthSource source(signer, store, state, clock);
  rpc::AuthFeed feed(source, keys, revocations, state, clock);
  EXPECT_THAT(source.PassOn(0), StatusIs(absl::StatusCode::kUnavailable));

  const CompanyId acme("acme");
  Method method;
  method.company = acme;
  method.user = UserId(NewUuid());
  method.principal = method.principal_key = "ann";
  const CallContext call;
  ASSERT_OK(store.InsertCompany(call, acme, {method}));
  ASSERT_OK(store.RemoveUser(call, acme, method.user, Judging(UserRemoval{acme, method.user})));
  ASSERT_OK(feed.Follow());
  store.FailWith(absl::UnavailableError("gone"));
  EXPECT_FALSE(feed.Follow().ok());

  const auto page = source.PassOn(0);
  ASSERT_OK(page);
  EXPECT_EQ(page->keys, token::PublicKeysOf({token::AKey(1)}));
  ASSERT_EQ(page->revocations.size(), 1u);
  EXPECT_EQ(page->revocations[0].subject, method.user.value());
}

}  // namespace feed_log_test
}  // namespace usher::auth
