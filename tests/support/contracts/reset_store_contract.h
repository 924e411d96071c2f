// What every ResetStore does. A fixture has what method_store_fixture.h asks for, and
//   ResetStore& resets();
//   MailStore& mails();
//   void Pass(absl::Duration);  // time, for what lies in both
#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "services/auth/mail/mail_store.h"
#include "services/auth/reset/reset_store.h"
#include "tests/support/contracts/method_store_fixture.h"

namespace usher::auth {

template <class Fixture>
class ResetStoreContract : public MethodStoreFixture<Fixture> {
 protected:
  ResetDraft DraftFor(const Method& method, const std::string& hash = "hash") {
    ResetDraft draft;
    draft.company = method.company;
    draft.principal_key = method.principal_key;
    draft.user = method.user;
    draft.token_hash = hash;
    draft.secret_mark = "mark";
    draft.good_for = absl::Hours(1);
    draft.most_an_hour = 3;
    draft.mail.id = MailId(NewUuid());
    draft.mail.kind = MailKind::kPasswordReset;
    draft.mail.company = method.company;
    draft.mail.user = method.user;
    return draft;
  }
  ResetDraft Replaced(const Method& method, const std::string& hash = "hash") {
    const ResetDraft draft = DraftFor(method, hash);
    EXPECT_OK(this->resets().Replace(ACall(), draft));
    return draft;
  }
  std::string HashOf(const Method& method) {
    const auto found = this->resets().Find(ACall(), method.company, method.principal_key);
    EXPECT_OK(found);
    return found.ok() && found->has_value() ? (*found)->token_hash : "none";
  }
  UserChange NewSecret(const Method& method, const std::string& sealed = "new secret") {
    UserChange change = this->ChangeOf(method);
    change.edit->sealed_secret = sealed;
    return change;
  }
  absl::StatusOr<Ended> Use(const Method& method, const std::string& hash) {
    const UserChange change = NewSecret(method);
    return this->resets().Use(ACall(), change, hash, Judging(change));
  }
  int64_t Waiting() {
    const auto backlog = this->mails().Count(ACall());
    EXPECT_OK(backlog);
    return backlog.ok() ? backlog->waiting : -1;
  }
};
TYPED_TEST_SUITE_P(ResetStoreContract);

TYPED_TEST_P(ResetStoreContract, AResetIsFoundUntilItExpiresAndItsMailWaits) {
  const Method anna = this->Insert(AMethod("anna"));
  EXPECT_EQ(this->HashOf(anna), "none");
  this->Replaced(anna);
  const auto found = this->resets().Find(ACall(), kAcme, anna.principal_key);
  ASSERT_OK(found);
  ASSERT_TRUE(found->has_value());
  EXPECT_EQ((*found)->user, anna.user);
  EXPECT_EQ((*found)->token_hash, "hash");
  EXPECT_EQ((*found)->secret_mark, "mark");
  EXPECT_EQ(this->Waiting(), 1);
  this->Pass(absl::Hours(1) + absl::Seconds(1));
  EXPECT_EQ(this->HashOf(anna), "none");
}

TYPED_TEST_P(ResetStoreContract, L11ANewResetReplacesTheOld) {
  const Method anna = this->Insert(AMethod("anna"));
  this->Replaced(anna, "first");
  this->Replaced(anna, "second");
  EXPECT_EQ(this->HashOf(anna), "second");
  EXPECT_THAT(this->Use(anna, "first"), HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_OK(this->Use(anna, "second"));
}

TYPED_TEST_P(ResetStoreContract, L11AResetIsUsedOnceAndEndsAllSessionsOfTheUser) {
  const Method anna = this->Insert(AMethod("anna"));
  const Method key = ACode("annas key", anna.user);
  this->Add(key);
  const SessionId session = this->Session(anna, absl::Minutes(1));
  const SessionId other = this->Session(key, absl::Minutes(1));
  this->Replaced(anna);
  EXPECT_THAT(InWords(this->Use(anna, "hash")),
              ::testing::UnorderedElementsAre(Ending(session), Ending(other)));
  EXPECT_EQ(this->Find(anna)->method.sealed_secret, "new secret");
  EXPECT_THAT(this->Use(anna, "hash"), HasReplyCode(::common::AUTHENTICATION_ERROR));
}

// P4.
TYPED_TEST_P(ResetStoreContract, L11OfFiftyWhoUseItAtOnceOneSucceeds) {
  const Method anna = this->Insert(AMethod("anna"));
  this->Replaced(anna);
  const UserChange change = this->NewSecret(anna);
  std::atomic<int> succeeded{0};
  std::atomic<int> refused{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 50; ++i) {
    threads.emplace_back([&] {
      const auto used = this->resets().Use(ACall(), change, "hash", Judging(change));
      if (used.ok()) ++succeeded;
      if (ReplyCodeOf(used.status()) == ::common::AUTHENTICATION_ERROR) ++refused;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(succeeded, 1);
  // Somebody may have found no connection in time: nothing was decided for them.
  EXPECT_LE(refused, 49);
}

TYPED_TEST_P(ResetStoreContract, WhatIsRefusedUsesNothingUp) {
  const Method anna = this->Insert(AMethod("anna"));
  this->Replaced(anna);
  const UserChange change = this->NewSecret(anna);
  const auto refuse = [](const LockedUser&) -> absl::StatusOr<UserWrite> {
    return ActionInvalid("no");
  };
  EXPECT_THAT(this->resets().Use(ACall(), change, "hash", refuse),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_OK(this->Use(anna, "hash"));
}

TYPED_TEST_P(ResetStoreContract, AnExpiredResetIsOfNoUse) {
  const Method anna = this->Insert(AMethod("anna"));
  this->Replaced(anna);
  this->Pass(absl::Hours(1) + absl::Seconds(1));
  EXPECT_THAT(this->Use(anna, "hash"), HasReplyCode(::common::AUTHENTICATION_ERROR));
}

TYPED_TEST_P(ResetStoreContract, TheResetOfOneUserIsOfNoUseToAnother) {
  const Method anna = this->Insert(AMethod("anna"));
  const Method ben = this->Insert(AMethod("ben"));
  this->Replaced(anna);
  EXPECT_THAT(this->Use(ben, "hash"), HasReplyCode(::common::AUTHENTICATION_ERROR));
  EXPECT_EQ(this->Find(ben)->method.sealed_secret, ben.sealed_secret);
}

TYPED_TEST_P(ResetStoreContract, L12TheFourthInAnHourSendsNoMailAndLeavesTheThirdAsItIs) {
  const Method anna = this->Insert(AMethod("anna"));
  for (const char* hash : {"1", "2", "3", "4"}) this->Replaced(anna, hash);
  EXPECT_EQ(this->HashOf(anna), "3");
  EXPECT_EQ(this->Waiting(), 3);
  this->Pass(absl::Minutes(61));
  this->Replaced(anna, "5");
  EXPECT_EQ(this->HashOf(anna), "5");
  EXPECT_EQ(this->Waiting(), 4);
}

TYPED_TEST_P(ResetStoreContract, ResetsOfNobodyAreKeptAsOthersAre) {
  Method nobody;
  nobody.company = NobodysCompany();
  nobody.principal_key = "nobody 7";
  ResetDraft draft = this->DraftFor(nobody);
  draft.mail.kind = MailKind::kDecoy;
  EXPECT_OK(this->resets().Replace(ACall(), draft));
  EXPECT_EQ(this->Waiting(), 0);
}

TYPED_TEST_P(ResetStoreContract, TheTokenIsGoodFromWhenItsMailIsOnItsWay) {
  const Method anna = this->Insert(AMethod("anna"));
  const ResetDraft draft = this->Replaced(anna);
  this->Pass(absl::Hours(5));  // the mail server was away
  EXPECT_EQ(this->HashOf(anna), "none");
  EXPECT_THAT(this->resets().Renew(ACall(), kAcme, draft.mail.id, absl::Hours(1)),
              IsOkAndHolds(true));
  EXPECT_EQ(this->HashOf(anna), "hash");
}

TYPED_TEST_P(ResetStoreContract, AMailWhoseTokenWasReplacedOrUsedIsNotWantedAnyMore) {
  const Method anna = this->Insert(AMethod("anna"));
  const ResetDraft first = this->Replaced(anna, "first");
  const ResetDraft second = this->Replaced(anna, "second");
  EXPECT_THAT(this->resets().Renew(ACall(), kAcme, first.mail.id, absl::Hours(1)),
              IsOkAndHolds(false));
  EXPECT_THAT(this->resets().Renew(ACall(), kBeta, second.mail.id, absl::Hours(1)),
              IsOkAndHolds(false));
  EXPECT_OK(this->Use(anna, "second"));
  EXPECT_THAT(this->resets().Renew(ACall(), kAcme, second.mail.id, absl::Hours(1)),
              IsOkAndHolds(false));
}

TYPED_TEST_P(ResetStoreContract, WhatHasExpiredIsForgottenOnceItsMailIsDoneWith) {
  const Method anna = this->Insert(AMethod("anna"));
  const ResetDraft draft = this->Replaced(anna);
  this->Pass(absl::Hours(3));
  ASSERT_OK(this->resets().Forget(ACall(), absl::Hours(1)));
  EXPECT_THAT(this->resets().Renew(ACall(), kAcme, draft.mail.id, absl::Hours(-3)),
              IsOkAndHolds(true));  // its mail still waits
  const auto claimed = this->mails().Claim(ACall(), absl::Minutes(1));
  ASSERT_OK(claimed);
  ASSERT_OK(this->mails().Finish(ACall(), **claimed, "sent"));
  ASSERT_OK(this->resets().Forget(ACall(), absl::Hours(1)));
  EXPECT_THAT(this->resets().Renew(ACall(), kAcme, draft.mail.id, absl::Hours(1)),
              IsOkAndHolds(false));
}

REGISTER_TYPED_TEST_SUITE_P(
    ResetStoreContract, AResetIsFoundUntilItExpiresAndItsMailWaits, L11ANewResetReplacesTheOld,
    L11AResetIsUsedOnceAndEndsAllSessionsOfTheUser, L11OfFiftyWhoUseItAtOnceOneSucceeds,
    WhatIsRefusedUsesNothingUp, AnExpiredResetIsOfNoUse, TheResetOfOneUserIsOfNoUseToAnother,
    L12TheFourthInAnHourSendsNoMailAndLeavesTheThirdAsItIs, ResetsOfNobodyAreKeptAsOthersAre,
    TheTokenIsGoodFromWhenItsMailIsOnItsWay, AMailWhoseTokenWasReplacedOrUsedIsNotWantedAnyMore,
    WhatHasExpiredIsForgottenOnceItsMailIsDoneWith);

}  // namespace usher::auth
