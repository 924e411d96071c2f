// What every SagaStore must do with sagas that were left behind. Instantiated with a fixture as in
// user_store_fixture.h.
#pragma once

#include <optional>
#include <string>

#include "tests/support/contracts/saga_store_contract.h"

namespace usher::user {

template <class Fixture>
class SagaClaimContract : public SagaStoreContract<Fixture> {
 protected:
  // A lease that was over that long ago.
  static absl::Duration Over(int seconds) { return -absl::Seconds(seconds); }

  UserKey Leave(absl::Duration lease, const CallContext& call = ACall()) {
    const UserKey key{call.company, UserId(NewUuid())};
    EXPECT_OK(this->sagas().BeginCreation(call, key, User(), lease));
    return key;
  }
  UserKey LeaveRemoval(absl::Duration lease) {
    const UserKey key = this->Make("");
    EXPECT_OK(this->sagas().BeginRemoval(ACall(), key, lease));
    return key;
  }
  std::optional<Saga> Claim(absl::Duration lease = kLongLease) {
    const auto claimed = this->sagas().Claim(CallContext(), lease);
    EXPECT_OK(claimed);
    return claimed.value_or(std::nullopt);
  }
  std::optional<UserKey> ClaimKey() {
    const std::optional<Saga> saga = Claim();
    if (!saga.has_value()) return std::nullopt;
    return saga->key;
  }
};

TYPED_TEST_SUITE_P(SagaClaimContract);

TYPED_TEST_P(SagaClaimContract, NothingIsClaimedWhileItsLeaseLasts) {
  this->Leave(kLongLease);
  this->LeaveRemoval(kLongLease);
  EXPECT_EQ(this->ClaimKey(), std::nullopt);
}

TYPED_TEST_P(SagaClaimContract, TheLeaseThatRanOutFirstIsClaimedFirstInWhicheverCompany) {
  const UserKey second = this->Leave(this->Over(20));
  const UserKey first = this->Leave(this->Over(30), ACall("globex"));
  const UserKey third = this->LeaveRemoval(this->Over(10));
  EXPECT_EQ(this->ClaimKey(), first);
  EXPECT_EQ(this->ClaimKey(), second);
  EXPECT_EQ(this->ClaimKey(), third);
  EXPECT_EQ(this->ClaimKey(), std::nullopt);
}

TYPED_TEST_P(SagaClaimContract, AClaimIsALeaseOfItsOwn) {
  const UserKey key = this->Leave(this->Over(1));
  ASSERT_TRUE(this->Claim(this->Over(1)).has_value());
  EXPECT_EQ(this->ClaimKey(), key);
  EXPECT_EQ(this->ClaimKey(), std::nullopt);
}

TYPED_TEST_P(SagaClaimContract, ASagaTellsWhoseCallItWas) {
  const UserId creator(NewUuid());
  const CallContext call = ACaller()
                               .As(creator)
                               .In("globex")
                               .WithIdempotencyKey("key")
                               .Calling("user.create")
                               .BuildCall();
  const UserKey key = this->Leave(this->Over(1), call);
  const std::optional<Saga> saga = this->Claim();
  ASSERT_TRUE(saga.has_value());
  EXPECT_EQ(saga->key, key);
  EXPECT_EQ(saga->kind, SagaKind::kCreation);
  EXPECT_EQ(saga->call.company, CompanyId("globex"));
  EXPECT_EQ(saga->call.user, creator);
  EXPECT_EQ(saga->call.rpc, "user.create");
  EXPECT_EQ(saga->call.request_id, call.request_id);
  EXPECT_EQ(saga->call.idempotency.key, "key");
}

TYPED_TEST_P(SagaClaimContract, ASagaOfNobodyIsClaimedToo) {
  CallContext call;
  call.company = CompanyId("acme");
  const UserKey key = this->Leave(this->Over(1), call);
  const std::optional<Saga> saga = this->Claim();
  ASSERT_TRUE(saga.has_value());
  EXPECT_EQ(saga->key, key);
  EXPECT_TRUE(saga->call.user.empty());
  EXPECT_OK(this->sagas().UndoCreation(saga->call, key));
}

TYPED_TEST_P(SagaClaimContract, AClaimedCreationIsCompletedOrUndone) {
  const UserKey completed = this->Leave(this->Over(2));
  const UserKey undone = this->Leave(this->Over(1));
  EXPECT_EQ(this->ClaimKey(), completed);
  EXPECT_EQ(this->ClaimKey(), undone);
  EXPECT_OK(this->sagas().CompleteCreation(ACall(), completed));
  EXPECT_OK(this->sagas().UndoCreation(ACall(), undone));
  EXPECT_THAT(this->ListIds(), ::testing::ElementsAre(completed.user));
}

TYPED_TEST_P(SagaClaimContract, AClaimedRemovalIsCompletedOrUndone) {
  const UserKey completed = this->LeaveRemoval(this->Over(2));
  const UserKey undone = this->LeaveRemoval(this->Over(1));
  const std::optional<Saga> saga = this->Claim();
  ASSERT_TRUE(saga.has_value());
  EXPECT_EQ(saga->key, completed);
  EXPECT_EQ(saga->kind, SagaKind::kRemoval);
  EXPECT_EQ(this->ClaimKey(), undone);
  EXPECT_OK(this->sagas().CompleteRemoval(ACall(), completed));
  EXPECT_OK(this->sagas().UndoRemoval(ACall(), undone));
  EXPECT_THAT(this->ListIds(), ::testing::ElementsAre(undone.user));
}

TYPED_TEST_P(SagaClaimContract, JoiningARemovalRenewsItsLease) {
  const UserKey ann = this->LeaveRemoval(this->Over(1));
  this->BeginRemoval(ann, BegunRemoval::kJoined);
  EXPECT_EQ(this->ClaimKey(), std::nullopt);
}

TYPED_TEST_P(SagaClaimContract, WhoClaimsAJoinedRemovalMayUndoIt) {
  const UserKey ann = this->LeaveRemoval(this->Over(2));
  EXPECT_THAT(this->sagas().BeginRemoval(ACall(), ann, this->Over(1)),
              IsOkAndHolds(BegunRemoval::kJoined));
  EXPECT_EQ(this->ClaimKey(), ann);
  EXPECT_OK(this->sagas().UndoRemoval(ACall(), ann));
  EXPECT_TRUE(this->IsSeen(ann));
}

TYPED_TEST_P(SagaClaimContract, ARemovalThatIsJoinedAfterItsClaimIsNotUndone) {
  const UserKey ann = this->LeaveRemoval(this->Over(1));
  EXPECT_EQ(this->ClaimKey(), ann);
  this->BeginRemoval(ann, BegunRemoval::kJoined);
  EXPECT_OK(this->sagas().UndoRemoval(ACall(), ann));
  EXPECT_FALSE(this->IsSeen(ann));
}

TYPED_TEST_P(SagaClaimContract, NothingIsLeftOfWhatWasSettled) {
  const UserKey completed = this->Leave(this->Over(1));
  const UserKey undone = this->Leave(this->Over(1));
  const UserKey removed = this->LeaveRemoval(this->Over(1));
  const UserKey kept = this->LeaveRemoval(this->Over(1));
  EXPECT_OK(this->sagas().CompleteCreation(ACall(), completed));
  EXPECT_OK(this->sagas().UndoCreation(ACall(), undone));
  EXPECT_OK(this->sagas().CompleteRemoval(ACall(), removed));
  EXPECT_OK(this->sagas().UndoRemoval(ACall(), kept));
  EXPECT_OK(this->sagas().CompleteForgetting(ACall(), removed));
  EXPECT_EQ(this->ClaimKey(), std::nullopt);
}

TYPED_TEST_P(SagaClaimContract, WhoIsRemovedIsToBeForgottenByWhoeverClaimsIt) {
  const UserKey with_profile = this->LeaveRemoval(kLongLease);
  const UserKey being_made = this->Leave(kLongLease);
  const UserKey without_profile = this->KeyOf(UserId(NewUuid()));
  for (const UserKey& key : {with_profile, being_made, without_profile}) {
    EXPECT_OK(this->sagas().CompleteRemoval(ACall(), key));
    EXPECT_OK(this->sagas().UndoRemoval(ACall(), key));
    const std::optional<Saga> saga = this->Claim();
    ASSERT_TRUE(saga.has_value());
    EXPECT_EQ(saga->key, key);
    EXPECT_EQ(saga->kind, SagaKind::kForgetting);
    EXPECT_EQ(saga->call.company, key.company);
    EXPECT_EQ(this->ClaimKey(), std::nullopt) << "whoever claims it has a lease";
    EXPECT_OK(this->sagas().CompleteForgetting(ACall(), key));
    EXPECT_OK(this->sagas().CompleteForgetting(ACall(), key));
  }
}

TYPED_TEST_P(SagaClaimContract, CompletingAForgettingTouchesNothingElse) {
  const UserKey soon = this->Leave(this->Over(1));
  EXPECT_OK(this->sagas().CompleteForgetting(ACall(), soon));
  EXPECT_EQ(this->ClaimKey(), soon);
}

REGISTER_TYPED_TEST_SUITE_P(SagaClaimContract, NothingIsClaimedWhileItsLeaseLasts,
                            TheLeaseThatRanOutFirstIsClaimedFirstInWhicheverCompany,
                            AClaimIsALeaseOfItsOwn, ASagaTellsWhoseCallItWas,
                            ASagaOfNobodyIsClaimedToo, AClaimedCreationIsCompletedOrUndone,
                            AClaimedRemovalIsCompletedOrUndone, JoiningARemovalRenewsItsLease,
                            WhoClaimsAJoinedRemovalMayUndoIt,
                            ARemovalThatIsJoinedAfterItsClaimIsNotUndone,
                            NothingIsLeftOfWhatWasSettled,
                            WhoIsRemovedIsToBeForgottenByWhoeverClaimsIt,
                            CompletingAForgettingTouchesNothingElse);

}  // namespace usher::user
