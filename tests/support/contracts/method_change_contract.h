// What every MethodStore must do when users change. What that ends is in session_end_contract.h.
#pragma once

#include <atomic>
#include <thread>

#include "services/auth/method/method_errors.h"
#include "tests/support/contracts/method_store_fixture.h"

namespace usher::auth {

template <class Fixture>
class MethodChangeContract : public MethodChangeFixture<Fixture> {};

TYPED_TEST_SUITE_P(MethodChangeContract);

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TYPED_TEST_P(MethodChangeContract, AChangeChangesWhatItNamesAndNothingElse) {
  Method method = AMethod("ann", {Permission::kUserList, Permission::kUserShow});
  method.metadata = {{"keep", "1"}, {"drop", "2"}};
  this->Insert(method);
  this->Session(method);
  UserChange change = this->ChangeOf(method);
  change.edit->permissions.give = {Permission::kRoomAdmin};
  change.edit->metadata = {{"drop", ""}, {"new", "3"}};
  EXPECT_THAT(InWords(this->Change(change)), IsEmpty());
  const Method found = this->Find(method)->method;
  EXPECT_EQ(found.permissions,
            (PermissionSet{Permission::kRoomAdmin, Permission::kUserShow, Permission::kUserList}));
  EXPECT_EQ(found.metadata, (text::Metadata{{"keep", "1"}, {"new", "3"}}));
  EXPECT_EQ(found.sealed_secret, method.sealed_secret);
  EXPECT_EQ(found.status, AccountStatus::kActivated);
  EXPECT_THAT(this->TypesOf(method.user), UnorderedElementsAre("password", "refresh_token"));
}

TYPED_TEST_P(MethodChangeContract, AFailedJudgementChangesNothing) {
  const Method method = this->Insert(AMethod("ann"));
  const SessionId session = this->Session(method);
  UserChange change = this->ChangeOf(method);
  change.edit->remove = true;
  const auto refuse = [](const LockedUser&) { return MethodNotFound(); };
  EXPECT_THAT(this->store().ChangeUser(ACall(), change, refuse), HasReplyCode(::common::NOT_FOUND));
  EXPECT_TRUE(this->Find(method).has_value());
  EXPECT_THAT(InWords(this->store().EndSession(ACall(), kAcme, method.user, session)),
              ElementsAre(Ending(session)));
}

TYPED_TEST_P(MethodChangeContract, AJudgementRestsOnTheUserAsItIsLocked) {
  Method method = AMethod("ann", {Permission::kUserList});
  method.metadata = {{"a", "b"}};
  this->Insert(method);
  this->Add(ACode("key", method.user));
  const Method admin = this->Insert(AMethod("admin", kCompanyAdministrator));
  LockedUser seen;
  const auto look = [&](const LockedUser& locked) {
    seen = locked;
    return UserWrite();
  };
  UserChange change = this->ChangeOf(method);
  change.edit->remove = true;
  EXPECT_THAT(InWords(this->store().ChangeUser(ACall(), change, look)), IsEmpty());
  ASSERT_EQ(seen.methods.size(), 2u);
  const Method& found = seen.methods[seen.methods[0].key() == method.key() ? 0 : 1];
  EXPECT_EQ(found.sealed_secret, method.sealed_secret);
  EXPECT_EQ(found.metadata, method.metadata);
  EXPECT_EQ(found.permissions, method.permissions);
  EXPECT_EQ(seen.status, AccountStatus::kActivated);
  EXPECT_FALSE(seen.name_is_taken);
  EXPECT_TRUE(seen.other_administrator);
  change = this->ChangeOf(admin.user);
  change.user_status = AccountStatus::kPending;
  change.edit.emplace();
  change.edit->key = method.key();
  EXPECT_OK(this->store().ChangeUser(ACall(), change, look));
  EXPECT_TRUE(seen.name_is_taken);
  EXPECT_FALSE(seen.other_administrator);
}

// However they hold GRANT_PERMISSIONS.
TYPED_TEST_P(MethodChangeContract, AGuestOrWhatExpiresIsNoOtherAdministrator) {
  const Method admin = this->Insert(AMethod("admin", kCompanyAdministrator));
  Method guest = AGuest();
  guest.permissions = kCompanyAdministrator;
  this->Insert(guest);
  Method expiring = AMethod("expiring", kCompanyAdministrator);
  expiring.expires_at = absl::Now() + absl::Hours(1);
  this->Insert(expiring);
  EXPECT_THAT(this->RemoveUser(admin.user), HasReplyCode(::common::ACTION_INVALID));
  this->Insert(AMethod("second", kCompanyAdministrator));
  EXPECT_OK(this->RemoveUser(admin.user));
}

TYPED_TEST_P(MethodChangeContract, AnotherUsersMethodIsOutOfReach) {
  const Method ann = this->Insert(AMethod("ann"));
  Method seen_as_own = this->Insert(AMethod("bob"));
  seen_as_own.principal = ann.principal;
  seen_as_own.principal_key = ann.principal_key;
  EXPECT_THAT(this->Remove(seen_as_own), HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(this->SetStatus(seen_as_own, AccountStatus::kDeactivated),
              HasReplyCode(::common::NOT_FOUND));
  UserChange change = this->ChangeOf(seen_as_own);
  change.edit->may_insert = true;
  change.edit->sealed_secret = "stolen";
  EXPECT_THAT(this->Change(change), HasReplyCode(::common::ACTION_INVALID));
  EXPECT_EQ(this->Find(ann)->method.sealed_secret, ann.sealed_secret);
}

TYPED_TEST_P(MethodChangeContract, AMethodIsMadeOnlyWhereThatIsMeant) {
  const Method method = this->Insert(AMethod("ann"));
  UserChange change = this->ChangeOf(ACode("key", method.user));
  EXPECT_THAT(this->Change(change), HasReplyCode(::common::NOT_FOUND));
  change.edit->may_insert = true;
  change.edit->sealed_secret = "sealed";
  change.edit->status = AccountStatus::kPending;
  change.edit->permissions.give = {Permission::kUserList};
  change.edit->metadata = {{"a", "b"}, {"none", ""}};
  change.edit->redirect_uri = "https://example.org";
  EXPECT_THAT(InWords(this->Change(change)), IsEmpty());
  const auto made = this->Find(ACode("key", method.user));
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->method.user, method.user);
  EXPECT_EQ(made->method.status, AccountStatus::kPending);
  EXPECT_EQ(made->method.permissions, PermissionSet{Permission::kUserList});
  EXPECT_EQ(made->method.metadata, (text::Metadata{{"a", "b"}}));
  EXPECT_EQ(made->method.redirect_uri, "https://example.org");
}

TYPED_TEST_P(MethodChangeContract, OfFurtherMethodsAtOnceNoneGoesBeyondTheBound) {
  const Method method = this->Insert(AMethod("ann"));
  const auto add = [&](const std::string& principal) {
    UserChange change = this->ChangeOf(ACode(principal, method.user));
    change.edit->may_insert = true;
    change.edit->sealed_secret = "sealed";
    return this->Change(change);
  };
  for (size_t i = 2; i < kMostMethods; ++i) ASSERT_OK(add(absl::StrCat("key", i)));
  std::atomic<int> added{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      const auto done = add(absl::StrCat("last", i));
      if (done.ok()) ++added;
      if (!done.ok()) EXPECT_THAT(done, HasReplyCode(::common::QUOTA_EXCEEDED));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(added, 1);
  EXPECT_EQ(this->TypesOf(method.user).size(), kMostMethods);
  EXPECT_OK(this->SetStatus(method, AccountStatus::kDeactivated)) << "what is there is changed";
  EXPECT_OK(this->Remove(method));
  EXPECT_OK(add("again"));
}

TYPED_TEST_P(MethodChangeContract, RemovingAllComesFirst) {
  const Method method = this->Insert(AMethod("ann", {Permission::kUserList}));
  this->Add(ACode("key", method.user));
  const SessionId session = this->Session(method);
  UserChange change = this->ChangeOf(method);
  change.remove_all = true;
  change.edit->may_insert = true;
  change.edit->sealed_secret = "new";
  EXPECT_THAT(InWords(this->Change(change)),
              UnorderedElementsAre(Ending(session), Ending(method.user)));
  EXPECT_THAT(this->TypesOf(method.user), ElementsAre("password"));
  EXPECT_EQ(this->Find(method)->method.sealed_secret, "new");
  EXPECT_EQ(this->Find(method)->method.permissions, PermissionSet{});
}

TYPED_TEST_P(MethodChangeContract, TheLastAdministratorStays) {
  const Method admin = this->Insert(AMethod("admin", kCompanyAdministrator));
  this->Insert(AMethod("ann", {Permission::kUserAdmin}));
  UserChange strip = this->ChangeOf(admin);
  strip.edit->permissions.take = {Permission::kGrantPermissions};
  UserChange strip_all = this->ChangeOf(admin);
  strip_all.edit->permissions.strip_all = true;
  UserChange off = this->ChangeOf(admin.user);
  off.user_status = AccountStatus::kDeactivated;
  UserChange remove_all = this->ChangeOf(admin.user);
  remove_all.remove_all = true;
  const auto refused = HasReplyCode(::common::ACTION_INVALID);
  for (const UserChange& change : {strip, strip_all, off, remove_all}) {
    EXPECT_THAT(this->Change(change), refused);
  }
  EXPECT_THAT(this->SetStatus(admin, AccountStatus::kPending), refused);
  EXPECT_THAT(this->Remove(admin), refused);
  EXPECT_THAT(this->RemoveUser(admin.user), refused);
  EXPECT_EQ(this->FindUser(admin.user)->usable, kCompanyAdministrator);

  this->Insert(AMethod("second", kCompanyAdministrator));
  EXPECT_OK(this->Change(strip));
  EXPECT_OK(this->RemoveUser(admin.user));
}

TYPED_TEST_P(MethodChangeContract, AUserWhoCameToHoldMoreIsNotTouched) {
  const Method method = this->Insert(AMethod("ann"));
  UserChange change = this->ChangeOf(method);
  change.edit->sealed_secret = "new";
  change.held = {Permission::kUserList};
  EXPECT_THAT(this->Change(change), IsUndecided(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(this->users().RemoveUser(ACall(), kAcme, method.user,
                                       Judging(UserRemoval{kAcme, method.user, change.held})),
              IsUndecided(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(this->Find(method)->method.sealed_secret, method.sealed_secret);
}

TYPED_TEST_P(MethodChangeContract, ChangesOfOneUserAtOnceAllCount) {
  const Method method = this->Insert(AMethod("ann"));
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      UserChange change = this->ChangeOf(method);
      change.edit->metadata = {{absl::StrCat("key", i), "x"}};
      EXPECT_OK(this->Change(change));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(this->Find(method)->method.metadata.size(), 8u);
}

REGISTER_TYPED_TEST_SUITE_P(MethodChangeContract, AChangeChangesWhatItNamesAndNothingElse,
                            AFailedJudgementChangesNothing, AJudgementRestsOnTheUserAsItIsLocked,
                            AGuestOrWhatExpiresIsNoOtherAdministrator,
                            AnotherUsersMethodIsOutOfReach, AMethodIsMadeOnlyWhereThatIsMeant,
                            OfFurtherMethodsAtOnceNoneGoesBeyondTheBound, RemovingAllComesFirst,
                            TheLastAdministratorStays, AUserWhoCameToHoldMoreIsNotTouched,
                            ChangesOfOneUserAtOnceAllCount);

}  // namespace usher::auth
