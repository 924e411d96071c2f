// What every MailStore does. A fixture has
//   MailStore& store();
//   void Queue(const MailDraft&);
//   void Pass(absl::Duration);  // time, for what lies in the store
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "services/auth/mail/mail_store.h"
#include "tests/support/a_caller.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {

inline MailDraft ADraft(MailKind kind = MailKind::kPasswordReset) {
  MailDraft draft;
  draft.id = MailId(NewUuid());
  draft.kind = kind;
  draft.company = CompanyId("acme");
  draft.user = UserId(NewUuid());
  draft.recipient = "anna@example.org";
  draft.language = "de-AT";
  draft.username = "anna";
  draft.sealed_link = std::string("sealed\0link", 11);
  draft.good_for = absl::Hours(1);
  return draft;
}

template <class Fixture>
class MailStoreContract : public Fixture {
 protected:
  static constexpr absl::Duration kLease = absl::Minutes(1);

  MailDraft Queued(MailKind kind = MailKind::kPasswordReset) {
    const MailDraft draft = ADraft(kind);
    this->Queue(draft);
    return draft;
  }
  std::optional<QueuedMail> Claimed() {
    const auto claimed = this->store().Claim(ACall(), kLease);
    EXPECT_OK(claimed);
    return claimed.ok() ? *claimed : std::nullopt;
  }
  MailBacklog Counted() {
    const auto backlog = this->store().Count(ACall());
    EXPECT_OK(backlog);
    return backlog.value_or(MailBacklog());
  }
  std::vector<ListedMail> Listed() {
    const auto listed = this->store().List(ACall(), 100);
    EXPECT_OK(listed);
    return listed.ok() ? *listed : std::vector<ListedMail>();
  }
};
TYPED_TEST_SUITE_P(MailStoreContract);

TYPED_TEST_P(MailStoreContract, WhatIsClaimedIsWhatWasQueued) {
  const MailDraft draft = this->Queued();
  const auto claimed = this->Claimed();
  ASSERT_TRUE(claimed.has_value());
  EXPECT_EQ(claimed->draft.id, draft.id);
  EXPECT_EQ(claimed->draft.kind, draft.kind);
  EXPECT_EQ(claimed->draft.company, draft.company);
  EXPECT_EQ(claimed->draft.user, draft.user);
  EXPECT_EQ(claimed->draft.recipient, draft.recipient);
  EXPECT_EQ(claimed->draft.language, draft.language);
  EXPECT_EQ(claimed->draft.username, draft.username);
  EXPECT_EQ(claimed->draft.sealed_link, draft.sealed_link);
  EXPECT_EQ(claimed->draft.good_for, draft.good_for);
  EXPECT_EQ(claimed->attempts, 1);
}

TYPED_TEST_P(MailStoreContract, AClaimedMailIsNobodyElsesUntilItsLeaseIsOver) {
  this->Queued();
  ASSERT_TRUE(this->Claimed().has_value());
  EXPECT_FALSE(this->Claimed().has_value());
  this->Pass(this->kLease + absl::Seconds(1));
  const auto again = this->Claimed();
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->attempts, 2);
}

TYPED_TEST_P(MailStoreContract, ReplicasThatClaimAtOnceGetDifferentMails) {
  for (int i = 0; i < 8; ++i) this->Queued();
  std::vector<std::optional<QueuedMail>> claimed(8);
  std::vector<std::thread> threads;
  for (auto& one : claimed) threads.emplace_back([&] { one = this->Claimed(); });
  for (std::thread& thread : threads) thread.join();
  std::set<MailId> ids;
  for (const auto& one : claimed) {
    if (one.has_value()) ids.insert(one->draft.id);
  }
  size_t rest = 0;
  while (this->Claimed().has_value()) ++rest;
  EXPECT_EQ(ids.size() + rest, 8U);
}

TYPED_TEST_P(MailStoreContract, WhatIsDoneWithIsGone) {
  this->Queued();
  ASSERT_OK(this->store().Finish(ACall(), *this->Claimed(), "sent"));
  EXPECT_THAT(this->Listed(), ::testing::IsEmpty());
  this->Pass(this->kLease + absl::Seconds(1));
  EXPECT_FALSE(this->Claimed().has_value());
}

TYPED_TEST_P(MailStoreContract, APostponedMailComesBackAfterItsPause) {
  const MailDraft draft = this->Queued();
  ASSERT_OK(this->store().Postpone(ACall(), *this->Claimed(), absl::Minutes(5), "450 later"));
  this->Pass(absl::Minutes(4));
  EXPECT_FALSE(this->Claimed().has_value());
  ASSERT_EQ(this->Listed().size(), 1U);
  EXPECT_EQ(this->Listed()[0].last_error, "450 later");
  EXPECT_FALSE(this->Listed()[0].dead);
  this->Pass(absl::Minutes(2));
  const auto again = this->Claimed();
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->draft.id, draft.id);
  EXPECT_GE(again->age, absl::Minutes(6));
}

TYPED_TEST_P(MailStoreContract, WhoseLeaseIsOverChangesNothing) {
  this->Queued();
  const auto late = this->Claimed();
  this->Pass(this->kLease + absl::Seconds(1));
  ASSERT_TRUE(this->Claimed().has_value());
  ASSERT_OK(this->store().Bury(ACall(), *late, "too late"));
  ASSERT_OK(this->store().Postpone(ACall(), *late, absl::Hours(1), "too late"));
  EXPECT_EQ(this->Counted().dead, 0);
  EXPECT_NE(this->Listed()[0].last_error, "too late");
}

TYPED_TEST_P(MailStoreContract, ADeadMailIsClaimedByNobodyUntilItIsToBeSentAgain) {
  const MailDraft draft = this->Queued();
  ASSERT_OK(this->store().Bury(ACall(), *this->Claimed(), "550 no such user"));
  this->Pass(absl::Hours(1));
  EXPECT_FALSE(this->Claimed().has_value());
  EXPECT_EQ(this->Counted().dead, 1);
  ASSERT_EQ(this->Listed().size(), 1U);
  EXPECT_TRUE(this->Listed()[0].dead);
  EXPECT_EQ(this->Listed()[0].id, draft.id);
  EXPECT_EQ(this->Listed()[0].company, draft.company);
  EXPECT_EQ(this->Listed()[0].last_error, "550 no such user");

  EXPECT_THAT(this->store().SendAgain(ACall(), draft.id), IsOkAndHolds(true));
  EXPECT_EQ(this->Counted().dead, 0);
  const auto again = this->Claimed();
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->attempts, 1);
  EXPECT_LT(again->age, absl::Minutes(1));
}

TYPED_TEST_P(MailStoreContract, WhatIsNotThereCannotBeSentAgain) {
  const MailDraft decoy = this->Queued(MailKind::kDecoy);
  EXPECT_THAT(this->store().SendAgain(ACall(), MailId(NewUuid())), IsOkAndHolds(false));
  EXPECT_THAT(this->store().SendAgain(ACall(), decoy.id), IsOkAndHolds(false));
}

TYPED_TEST_P(MailStoreContract, DecoysAreNeitherSentNorSeen) {
  this->Queued(MailKind::kDecoy);
  EXPECT_FALSE(this->Claimed().has_value());
  EXPECT_THAT(this->Listed(), ::testing::IsEmpty());
  EXPECT_EQ(this->Counted().waiting, 0);
  ASSERT_OK(this->store().Forget(ACall(), absl::Hours(1)));
}

TYPED_TEST_P(MailStoreContract, TheBacklogIsCountedAndSoIsItsAge) {
  EXPECT_EQ(this->Counted().waiting, 0);
  EXPECT_EQ(this->Counted().oldest, absl::ZeroDuration());
  this->Queued();
  this->Pass(absl::Minutes(10));
  this->Queued(MailKind::kInvitation);
  EXPECT_EQ(this->Counted().waiting, 2);
  EXPECT_GE(this->Counted().oldest, absl::Minutes(10));
  EXPECT_LT(this->Counted().oldest, absl::Minutes(11));
}

TYPED_TEST_P(MailStoreContract, DeadMailsAreForgottenWhenTheyHaveBeenDeadForLong) {
  this->Queued();
  ASSERT_OK(this->store().Bury(ACall(), *this->Claimed(), "550"));
  this->Queued();  // waits: never forgotten
  this->Pass(absl::Hours(2));
  ASSERT_OK(this->store().Forget(ACall(), absl::Hours(3)));
  EXPECT_EQ(this->Counted().dead, 1);
  ASSERT_OK(this->store().Forget(ACall(), absl::Hours(1)));
  EXPECT_EQ(this->Counted().dead, 0);
  EXPECT_EQ(this->Counted().waiting, 1);
}

REGISTER_TYPED_TEST_SUITE_P(MailStoreContract, WhatIsClaimedIsWhatWasQueued,
                            AClaimedMailIsNobodyElsesUntilItsLeaseIsOver,
                            ReplicasThatClaimAtOnceGetDifferentMails, WhatIsDoneWithIsGone,
                            APostponedMailComesBackAfterItsPause, WhoseLeaseIsOverChangesNothing,
                            ADeadMailIsClaimedByNobodyUntilItIsToBeSentAgain,
                            WhatIsNotThereCannotBeSentAgain, DecoysAreNeitherSentNorSeen,
                            TheBacklogIsCountedAndSoIsItsAge,
                            DeadMailsAreForgottenWhenTheyHaveBeenDeadForLong);

}  // namespace usher::auth
