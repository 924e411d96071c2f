// What every KnownUserStore must do.
#pragma once

#include <atomic>
#include <thread>

#include "tests/support/contracts/method_store_fixture.h"

namespace usher::auth {

template <class Fixture>
class KnownUserStoreContract : public MethodChangeFixture<Fixture> {};

TYPED_TEST_SUITE_P(KnownUserStoreContract);

TYPED_TEST_P(KnownUserStoreContract, AUserHoldsWhatAllMethodsHaveAndUsesWhatLiveOnesHave) {
  const Method method = this->Insert(AMethod("ann", {Permission::kUserList}));
  Method off = ACode("ann", method.user);
  off.permissions = {Permission::kRoomAdmin};
  this->Add(off);
  UserChange change = this->ChangeOf(off);
  change.edit->status = AccountStatus::kDeactivated;
  ASSERT_OK(this->store().ChangeUser(ACall(), change, Judging(change)));
  const auto standing = this->FindUser(method.user);
  EXPECT_EQ(standing->held, (PermissionSet{Permission::kUserList, Permission::kRoomAdmin}));
  EXPECT_EQ(standing->usable, PermissionSet{Permission::kUserList});
  Method expired = AGuest();
  expired.permissions = {Permission::kUserShow};
  expired.expires_at = absl::Now() - absl::Seconds(1);
  this->Insert(expired);
  EXPECT_EQ(this->FindUser(expired.user)->usable, PermissionSet{});
}

TYPED_TEST_P(KnownUserStoreContract, TheMethodsOfAUserAreAsActiveAsTheOneThatIsNearestToIt) {
  const UserId without(NewUuid());
  ASSERT_OK(this->users().EnsureUser(ACall(), kAcme, without, std::nullopt));
  EXPECT_EQ(this->FindUser(without)->methods, AccountStatus::kActivated);

  Method pending = AMethod("ann");
  pending.status = AccountStatus::kPending;
  this->Insert(pending);
  EXPECT_EQ(this->FindUser(pending.user)->methods, AccountStatus::kPending);
  const Method code = ACode("ann", pending.user);
  this->Add(code);
  EXPECT_EQ(this->FindUser(pending.user)->methods, AccountStatus::kActivated);
  UserChange change = this->ChangeOf(code);
  change.edit->status = AccountStatus::kDeactivated;
  ASSERT_OK(this->store().ChangeUser(ACall(), change, Judging(change)));
  EXPECT_EQ(this->FindUser(pending.user)->methods, AccountStatus::kDeactivated);

  Method guest = AGuest();
  guest.expires_at = absl::Now() - absl::Seconds(1);
  this->Insert(guest);
  EXPECT_EQ(this->FindUser(guest.user)->methods, AccountStatus::kDeactivated);
}

TYPED_TEST_P(KnownUserStoreContract, WhoHasGuestAccessesAndNothingElseIsAGuest) {
  const Method guest = this->Insert(AGuest());
  EXPECT_TRUE(this->FindUser(guest.user)->only_guest_accesses);
  this->Session(guest);
  EXPECT_TRUE(this->FindUser(guest.user)->only_guest_accesses) << "a session is no method";
  this->Add(ACode("client", guest.user));
  EXPECT_FALSE(this->FindUser(guest.user)->only_guest_accesses);
  const UserId nobody(NewUuid());
  ASSERT_OK(this->users().EnsureUser(ACall(), kAcme, nobody, std::nullopt));
  EXPECT_FALSE(this->FindUser(nobody)->only_guest_accesses) << "who has no method is no guest";
}

TYPED_TEST_P(KnownUserStoreContract, EnsuringAUserTwiceMakesOne) {
  const Method method = AMethod("ann");
  for (int i = 0; i < 2; ++i) {
    EXPECT_OK(this->users().EnsureUser(ACall(), kAcme, method.user, method));
    EXPECT_OK(this->users().EnsureUser(ACall(), kAcme, method.user, std::nullopt));
  }
  EXPECT_TRUE(this->Find(method).has_value());
  EXPECT_THAT(this->users().EnsureUser(ACall(), kAcme, method.user, ACode("c", method.user)),
              HasReplyCode(::common::ACTION_INVALID));
  const Method other = AMethod("ANN");
  EXPECT_THAT(this->users().EnsureUser(ACall(), kAcme, other.user, other),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_FALSE(this->FindUser(other.user).has_value());
}

TYPED_TEST_P(KnownUserStoreContract, SettlingAnswersForGood) {
  const Method method = AMethod("ann");
  EXPECT_THAT(this->users().SettleUser(ACall(), kAcme, method.user), IsOkAndHolds(false));
  EXPECT_THAT(this->users().EnsureUser(ACall(), kAcme, method.user, method),
              HasReplyCode(::common::USER_INVALID));
  EXPECT_THAT(this->users().SettleUser(ACall(), kAcme, method.user), IsOkAndHolds(false));
  const UserId there(NewUuid());
  EXPECT_OK(this->users().EnsureUser(ACall(), kAcme, there, std::nullopt));
  EXPECT_THAT(this->users().SettleUser(ACall(), kAcme, there), IsOkAndHolds(true));
  EXPECT_THAT(this->users().SettleUser(ACall(), CompanyId("nowhere"), there), IsOkAndHolds(false));
}

TYPED_TEST_P(KnownUserStoreContract, ACompanyIsMadeOnce) {
  Method first = AMethod("root", kCompanyAdministrator);
  first.company = CompanyId("gamma");
  EXPECT_THAT(this->users().InsertCompany(ACall(), first.company, {first}), IsOkAndHolds(true));
  EXPECT_TRUE(this->Find(first).has_value());
  Method second = AMethod("intruder", kCompanyAdministrator);
  second.company = first.company;
  EXPECT_THAT(this->users().InsertCompany(ACall(), first.company, {second}), IsOkAndHolds(false));
  EXPECT_FALSE(this->Find(second).has_value());
}

TYPED_TEST_P(KnownUserStoreContract, ARemovedUserIsGoneForGood) {
  const Method method = this->Insert(AMethod("ann", {Permission::kUserList}));
  const SessionId session = this->Session(method);
  EXPECT_THAT(InWords(this->RemoveUser(method.user)),
              ::testing::UnorderedElementsAre(Ending(session) + "!", Ending(method.user) + "!"));
  EXPECT_EQ(this->FindUser(method.user)->status, AccountStatus::kDeleted);
  EXPECT_FALSE(this->Find(method).has_value());
  EXPECT_THAT(InWords(this->RemoveUser(method.user)), ::testing::IsEmpty());
  UserChange change = this->ChangeOf(method.user);
  change.user_status = AccountStatus::kActivated;
  EXPECT_THAT(this->Change(change), HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(this->users().EnsureUser(ACall(), kAcme, method.user, std::nullopt),
              HasReplyCode(::common::USER_INVALID));
  EXPECT_THAT(this->RemoveUser(UserId(NewUuid())), HasReplyCode(::common::NOT_FOUND));
  this->Insert(AMethod("ann"));  // the name is free again
}

TYPED_TEST_P(KnownUserStoreContract, OfTwoAdministratorsThatGoAtOnceOneStays) {
  for (int round = 0; round < 5; ++round) {
    const Method first = this->Insert(AMethod(absl::StrCat("a", round), kCompanyAdministrator));
    const Method second = this->Insert(AMethod(absl::StrCat("b", round), kCompanyAdministrator));
    absl::StatusOr<Ended> one, other;
    std::thread thread([&] { one = this->RemoveUser(first.user); });
    other = this->RemoveUser(second.user);
    thread.join();
    // From the second round on there is the one who stayed before.
    EXPECT_TRUE(one.ok() || other.ok());
    EXPECT_TRUE(round > 0 || one.ok() != other.ok());
  }
}

REGISTER_TYPED_TEST_SUITE_P(KnownUserStoreContract,
                            AUserHoldsWhatAllMethodsHaveAndUsesWhatLiveOnesHave,
                            TheMethodsOfAUserAreAsActiveAsTheOneThatIsNearestToIt,
                            WhoHasGuestAccessesAndNothingElseIsAGuest, EnsuringAUserTwiceMakesOne,
                            SettlingAnswersForGood, ACompanyIsMadeOnce, ARemovedUserIsGoneForGood,
                            OfTwoAdministratorsThatGoAtOnceOneStays);

}  // namespace usher::auth
