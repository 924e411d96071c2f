// What every SagaStore must do with creations and removals. Instantiated with a fixture as in
// user_store_fixture.h. Who may claim what: saga_claim_contract.h.
#pragma once

#include <optional>
#include <string>

#include "tests/support/contracts/user_store_fixture.h"

namespace usher::user {

template <class Fixture>
class SagaStoreContract : public UserStoreFixture<Fixture> {
 protected:
  using Outcome = BegunCreation::Outcome;

  static CallContext CallWithKey(const std::string& hash = "hash") {
    return ACaller().WithIdempotencyKey("key", hash).BuildCall();
  }
  absl::StatusOr<BegunCreation> BeginWith(const CallContext& call, const std::string& email = "") {
    User user;
    user.email = email;
    return this->sagas().BeginCreation(call, {call.company, UserId(NewUuid())}, user, kLongLease);
  }
  Outcome OutcomeOf(const CallContext& call) {
    const auto begun = BeginWith(call);
    EXPECT_OK(begun);
    return begun.value_or(BegunCreation()).outcome;
  }
  bool IsSeen(const UserKey& key) { return this->Find(key).has_value(); }
  absl::Status EmailIsFree(const std::string& email) {
    return this->store().RequireEmailFree(ACall(), this->KeyOf(UserId(NewUuid())), email);
  }
  void BeginRemoval(const UserKey& key, BegunRemoval expected = BegunRemoval::kBegun) {
    EXPECT_THAT(this->sagas().BeginRemoval(ACall(), key, kLongLease), IsOkAndHolds(expected));
  }
};

TYPED_TEST_SUITE_P(SagaStoreContract);

TYPED_TEST_P(SagaStoreContract, ACompletedCreationIsSeen) {
  const User ann = FullUser("ann@x.org");
  const UserKey key = this->Begin(ann);
  EXPECT_FALSE(this->IsSeen(key));
  EXPECT_OK(this->sagas().CompleteCreation(ACall(), key));
  EXPECT_EQ(this->Find(key), ann);
}

TYPED_TEST_P(SagaStoreContract, AnUndoneCreationNeverWas) {
  const UserKey key = this->Begin(FullUser("ann@x.org"));
  EXPECT_OK(this->sagas().UndoCreation(ACall(), key));
  EXPECT_FALSE(this->IsSeen(key));
  EXPECT_OK(this->EmailIsFree("ann@x.org"));
  this->BeginRemoval(key, BegunRemoval::kNoProfile);
  EXPECT_THAT(this->sagas().Claim(ACall(), kLongLease), IsOkAndHolds(::testing::Eq(std::nullopt)));
}

TYPED_TEST_P(SagaStoreContract, WhatWasCompletedOrUndoneStaysSo) {
  const UserKey made = this->Make("made@x.org");
  EXPECT_OK(this->sagas().UndoCreation(ACall(), made));
  EXPECT_OK(this->sagas().CompleteCreation(ACall(), made));
  EXPECT_OK(this->sagas().UndoRemoval(ACall(), made));
  EXPECT_TRUE(this->IsSeen(made));
  const UserKey undone = this->Begin(FullUser("undone@x.org"));
  EXPECT_OK(this->sagas().UndoCreation(ACall(), undone));
  EXPECT_OK(this->sagas().UndoCreation(ACall(), undone));
  EXPECT_OK(this->sagas().CompleteCreation(ACall(), undone));
  EXPECT_FALSE(this->IsSeen(undone));
  EXPECT_OK(this->EmailIsFree("undone@x.org"));
}

TYPED_TEST_P(SagaStoreContract, TheAddressOfAnotherUserIsRefused) {
  this->Make("ann@x.org");
  EXPECT_THAT(this->BeginWith(ACall(), "ANN@x.org"), HasReplyCode(::common::ACTION_INVALID));
  this->Begin(FullUser("soon@x.org"));
  EXPECT_THAT(this->BeginWith(ACall(), "soon@x.org"), IsUndecided(absl::StatusCode::kUnavailable));
  this->BeginRemoval(this->Make("gone@x.org"));
  EXPECT_THAT(this->BeginWith(ACall(), "gone@x.org"), IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_OK(this->BeginWith(ACall("globex"), "ann@x.org"));
}

TYPED_TEST_P(SagaStoreContract, AUserOfThisIdIsNotMadeASecondTime) {
  const UserKey ann = this->Begin(FullUser("ann@x.org"));
  const auto begin_again = [&] {
    const auto begun = this->sagas().BeginCreation(ACall(), ann, User(), kLongLease);
    EXPECT_OK(begun);
    return begun.value_or(BegunCreation()).outcome;
  };
  EXPECT_EQ(begin_again(), BegunCreation::Outcome::kAlreadyPresent);
  EXPECT_OK(this->sagas().CompleteCreation(ACall(), ann));
  EXPECT_EQ(begin_again(), BegunCreation::Outcome::kAlreadyPresent);
  EXPECT_EQ(this->Find(ann)->email, "ann@x.org");
  this->BeginRemoval(ann);
  EXPECT_EQ(begin_again(), BegunCreation::Outcome::kAlreadyPresent);
  EXPECT_OK(this->sagas().CompleteRemoval(ACall(), ann));
  EXPECT_EQ(begin_again(), BegunCreation::Outcome::kAlreadyPresent) << "not forgotten yet";
  EXPECT_OK(this->sagas().CompleteForgetting(ACall(), ann));
  EXPECT_EQ(begin_again(), BegunCreation::Outcome::kBegun);
}

TYPED_TEST_P(SagaStoreContract, AnIdempotencyKeyTellsOfTheFirstCreation) {
  const auto first = this->BeginWith(this->CallWithKey());
  ASSERT_OK(first);
  const UserKey key = this->KeyOf(first->user);
  EXPECT_EQ(this->OutcomeOf(this->CallWithKey()), BegunCreation::Outcome::kUnsettled);
  EXPECT_OK(this->sagas().CompleteCreation(ACall(), key));
  const auto second = this->BeginWith(this->CallWithKey());
  ASSERT_OK(second);
  EXPECT_EQ(second->outcome, BegunCreation::Outcome::kMadeBefore);
  EXPECT_EQ(second->user, first->user);
  EXPECT_THAT(this->ListIds(), ::testing::ElementsAre(first->user));
}

TYPED_TEST_P(SagaStoreContract, AnIdempotencyKeyOutlivesTheUser) {
  const auto first = this->BeginWith(this->CallWithKey());
  ASSERT_OK(first);
  const UserKey key = this->KeyOf(first->user);
  EXPECT_OK(this->sagas().CompleteCreation(ACall(), key));
  this->BeginRemoval(key);
  EXPECT_EQ(this->OutcomeOf(this->CallWithKey()), BegunCreation::Outcome::kMadeBefore);
  EXPECT_OK(this->sagas().CompleteRemoval(ACall(), key));
  const auto again = this->BeginWith(this->CallWithKey());
  ASSERT_OK(again);
  EXPECT_EQ(again->outcome, BegunCreation::Outcome::kMadeBefore);
  EXPECT_EQ(again->user, first->user);
}

TYPED_TEST_P(SagaStoreContract, AnIdempotencyKeyIsGoodForOneRequestOfOneCallerToOneRpc) {
  EXPECT_OK(this->BeginWith(this->CallWithKey()));
  EXPECT_THAT(this->BeginWith(this->CallWithKey("other")), HasReplyCode(::common::ACTION_INVALID));
  for (CallContext other :
       {ACaller().As(UserId(NewUuid())).BuildCall(), ACaller().In("globex").BuildCall(),
        ACaller().Calling("other.call").BuildCall()}) {
    other.idempotency = this->CallWithKey().idempotency;
    EXPECT_EQ(this->OutcomeOf(other), BegunCreation::Outcome::kBegun);
  }
}

TYPED_TEST_P(SagaStoreContract, ARefusedCreationBindsNoIdempotencyKey) {
  this->Make("ann@x.org");
  EXPECT_THAT(this->BeginWith(this->CallWithKey(), "ann@x.org"),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_EQ(this->OutcomeOf(this->CallWithKey("other")), BegunCreation::Outcome::kBegun);
}

TYPED_TEST_P(SagaStoreContract, AnUndoneCreationFreesItsIdempotencyKeyWhoeverUndoesIt) {
  for (const CallContext& undoer : {this->CallWithKey(), CallContext()}) {
    const auto begun = this->BeginWith(this->CallWithKey());
    ASSERT_OK(begun);
    EXPECT_EQ(begun->outcome, BegunCreation::Outcome::kBegun);
    EXPECT_OK(this->sagas().UndoCreation(undoer, this->KeyOf(begun->user)));
  }
  EXPECT_EQ(this->OutcomeOf(this->CallWithKey("other")), BegunCreation::Outcome::kBegun);
}

TYPED_TEST_P(SagaStoreContract, ACompletedRemovalLeavesNothing) {
  const UserKey ann = this->Make("ann@x.org");
  this->BeginRemoval(ann);
  EXPECT_OK(this->sagas().CompleteRemoval(ACall(), ann));
  EXPECT_OK(this->sagas().CompleteRemoval(ACall(), ann));
  EXPECT_OK(this->sagas().UndoRemoval(ACall(), ann));
  EXPECT_FALSE(this->IsSeen(ann));
  EXPECT_OK(this->EmailIsFree("ann@x.org"));
  this->BeginRemoval(ann, BegunRemoval::kNoProfile);
}

TYPED_TEST_P(SagaStoreContract, CompletingARemovalDeletesAUserInWhateverState) {
  const UserKey seen = this->Make("seen@x.org");
  const UserKey begun = this->Begin(FullUser("begun@x.org"));
  for (const UserKey& key : {seen, begun}) {
    EXPECT_OK(this->sagas().CompleteRemoval(ACall(), key));
    this->BeginRemoval(key, BegunRemoval::kNoProfile);
  }
  EXPECT_OK(this->sagas().CompleteCreation(ACall(), begun));
  EXPECT_FALSE(this->IsSeen(begun));
  EXPECT_OK(this->EmailIsFree("seen@x.org"));
  EXPECT_OK(this->EmailIsFree("begun@x.org"));
}

TYPED_TEST_P(SagaStoreContract, AnUndoneRemovalShowsTheUserAsItWas) {
  const User user = FullUser("ann@x.org");
  const UserKey ann = this->Make(user);
  this->BeginRemoval(ann);
  EXPECT_OK(this->sagas().UndoRemoval(ACall(), ann));
  EXPECT_EQ(this->Find(ann), user);
  this->BeginRemoval(ann);
}

TYPED_TEST_P(SagaStoreContract, ARemovalTellsWhatItMet) {
  const UserKey key = this->KeyOf(UserId(NewUuid()));
  this->BeginRemoval(key, BegunRemoval::kNoProfile);
  const UserKey soon = this->Begin(FullUser("soon@x.org"));
  this->BeginRemoval(soon, BegunRemoval::kStillMaking);
  EXPECT_OK(this->sagas().CompleteCreation(ACall(), soon));
  this->BeginRemoval(this->KeyOf(soon.user, "globex"), BegunRemoval::kNoProfile);
  this->BeginRemoval(soon);
  this->BeginRemoval(soon, BegunRemoval::kJoined);
}

TYPED_TEST_P(SagaStoreContract, ARemovalThatAnotherCallHasJoinedIsNotUndone) {
  const UserKey ann = this->Make("ann@x.org");
  this->BeginRemoval(ann);
  this->BeginRemoval(ann, BegunRemoval::kJoined);
  EXPECT_OK(this->sagas().UndoRemoval(ACall(), ann));
  EXPECT_FALSE(this->IsSeen(ann));
  EXPECT_OK(this->sagas().CompleteRemoval(ACall(), ann));
  EXPECT_OK(this->EmailIsFree("ann@x.org"));
}

TYPED_TEST_P(SagaStoreContract, ARemovalDoesNotUndoACreationNorTheOtherWayRound) {
  const UserKey soon = this->Begin(FullUser("soon@x.org"));
  EXPECT_OK(this->sagas().UndoRemoval(ACall(), soon));
  EXPECT_FALSE(this->IsSeen(soon));
  const UserKey ann = this->Make("ann@x.org");
  this->BeginRemoval(ann);
  EXPECT_OK(this->sagas().UndoCreation(ACall(), ann));
  EXPECT_OK(this->sagas().CompleteCreation(ACall(), ann));
  EXPECT_FALSE(this->IsSeen(ann));
  EXPECT_OK(this->sagas().UndoRemoval(ACall(), ann));
  EXPECT_TRUE(this->IsSeen(ann));
}

REGISTER_TYPED_TEST_SUITE_P(
    SagaStoreContract, ACompletedCreationIsSeen, AnUndoneCreationNeverWas,
    WhatWasCompletedOrUndoneStaysSo, TheAddressOfAnotherUserIsRefused,
    AUserOfThisIdIsNotMadeASecondTime, AnIdempotencyKeyTellsOfTheFirstCreation,
    AnIdempotencyKeyOutlivesTheUser, AnIdempotencyKeyIsGoodForOneRequestOfOneCallerToOneRpc,
    ARefusedCreationBindsNoIdempotencyKey, AnUndoneCreationFreesItsIdempotencyKeyWhoeverUndoesIt,
    ACompletedRemovalLeavesNothing, CompletingARemovalDeletesAUserInWhateverState,
    AnUndoneRemovalShowsTheUserAsItWas, ARemovalTellsWhatItMet,
    ARemovalThatAnotherCallHasJoinedIsNotUndone, ARemovalDoesNotUndoACreationNorTheOtherWayRound);

}  // namespace usher::user
