// What every MethodStore must do when users change, and what that ends.
#pragma once

#include <atomic>
#include <thread>

#include "tests/support/contracts/method_store_contract.h"

namespace usher::auth {

inline const char* Mark(token::RevocationReason reason) {
  if (reason == token::RevocationReason::kSignedOut) return "";
  return reason == token::RevocationReason::kAccountInactive ? "!" : "-";
}
// What was ended, as "session <id>" or "user <id>", with "!" where the account is not active, and
// with "-" where rights were taken.
inline std::vector<std::string> InWords(const absl::StatusOr<Ended>& ended) {
  EXPECT_OK(ended);
  std::vector<std::string> words;
  if (!ended.ok()) return words;
  for (const token::Revocation& revocation : *ended) {
    EXPECT_EQ(revocation.company, kAcme);
    EXPECT_GT(revocation.sequence, 0);
    words.push_back(
        absl::StrCat(revocation.kind == token::RevocationKind::kSession ? "session " : "user ",
                     revocation.subject, Mark(revocation.reason)));
  }
  return words;
}
inline std::string Ending(const SessionId& session) { return "session " + session.value(); }
inline std::string Ending(const UserId& user) { return "user " + user.value(); }

template <class Fixture>
class MethodChangeContract : public MethodStoreFixture<Fixture> {
 protected:
  absl::StatusOr<Ended> Change(const UserChange& change) {
    return this->store().ChangeUser(ACall(), change);
  }
  absl::StatusOr<Ended> SetStatus(const Method& method, AccountStatus status,
                                  bool may_lift_lock = false) {
    UserChange change = this->ChangeOf(method);
    change.may_lift_lock = may_lift_lock;
    change.edit->status = status;
    return Change(change);
  }
  absl::StatusOr<Ended> Remove(const Method& method) {
    UserChange change = this->ChangeOf(method);
    change.edit->remove = true;
    return Change(change);
  }
  absl::StatusOr<Ended> RemoveUser(const UserId& user) {
    return this->store().RemoveUser(ACall(), kAcme, user, this->ChangeOf(user).held);
  }
};

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

TYPED_TEST_P(MethodChangeContract, TakingPermissionsOutdatesTokensAndLeavesTheSessions) {
  const Method method =
      this->Insert(AMethod("ann", {Permission::kUserList, Permission::kUserShow}));
  const Method code = ACode("key", method.user);
  this->Add(code);
  const SessionId session = this->Session(method);
  this->Session(code);
  UserChange change = this->ChangeOf(method);
  change.edit->permissions.take = {Permission::kUserList};
  EXPECT_THAT(InWords(this->Change(change)),
              UnorderedElementsAre(Ending(session) + "-", Ending(method.user) + "-"));
  EXPECT_EQ(this->Find(method)->method.permissions, PermissionSet{Permission::kUserShow});
  EXPECT_THAT(this->TypesOf(method.user),
              UnorderedElementsAre("password", "authorization_code", "refresh_token"));
  // What was not held cannot be taken, and outdates nothing.
  change = this->ChangeOf(method);
  change.edit->permissions.take = {Permission::kUserList};
  EXPECT_THAT(InWords(this->Change(change)), IsEmpty());
}

TYPED_TEST_P(MethodChangeContract, MetadataThatWouldGrowTooLargeChangesNothing) {
  const Method method = this->Insert(AMethod("ann"));
  UserChange change = this->ChangeOf(method);
  change.edit->sealed_secret = "new";
  for (int i = 0; i < 101; ++i) change.edit->metadata[absl::StrCat("k", i)] = "v";
  EXPECT_THAT(this->Change(change), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_EQ(this->Find(method)->method.sealed_secret, method.sealed_secret);
}

TYPED_TEST_P(MethodChangeContract, ANewSecretEndsAllSessionsOfTheUser) {
  const Method method = this->Insert(AMethod("ann"));
  const Method code = ACode("key", method.user);
  this->Add(code);
  const SessionId first = this->Session(method);
  const SessionId second = this->Session(code);
  const Method other = this->Insert(AMethod("bob"));
  this->Session(other);
  UserChange change = this->ChangeOf(method);
  change.edit->sealed_secret = "new";
  EXPECT_THAT(InWords(this->Change(change)), UnorderedElementsAre(Ending(first), Ending(second)));
  EXPECT_EQ(this->Find(method)->method.sealed_secret, "new");
  EXPECT_THAT(this->TypesOf(method.user), UnorderedElementsAre("password", "authorization_code"));
  EXPECT_THAT(this->TypesOf(other.user), UnorderedElementsAre("password", "refresh_token"));
}

TYPED_TEST_P(MethodChangeContract, SwitchingAMethodOffEndsItsSessionsAlone) {
  const Method method = this->Insert(AMethod("ann"));
  const Method code = ACode("key", method.user);
  this->Add(code);
  const SessionId session = this->Session(method);
  this->Session(code);
  EXPECT_THAT(InWords(this->SetStatus(method, AccountStatus::kDeactivated)),
              ElementsAre(Ending(session) + "!"));
  EXPECT_EQ(this->Find(method)->method.status, AccountStatus::kDeactivated);
  EXPECT_THAT(this->TypesOf(method.user),
              UnorderedElementsAre("password", "authorization_code", "refresh_token"));
  EXPECT_THAT(InWords(this->SetStatus(method, AccountStatus::kActivated)), IsEmpty());
}

TYPED_TEST_P(MethodChangeContract, RemovingAMethodSignsItsSessionsOut) {
  const Method method = this->Insert(AMethod("ann"));
  const SessionId session = this->Session(method);
  EXPECT_THAT(InWords(this->Remove(method)), ElementsAre(Ending(session)));
  EXPECT_FALSE(this->Find(method).has_value());
  EXPECT_TRUE(this->FindUser(method.user).has_value());
  EXPECT_THAT(this->Remove(method), HasReplyCode(::common::NOT_FOUND));
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

TYPED_TEST_P(MethodChangeContract, RemovingAllOfASharedAccessEndsItsGuests) {
  const Method guest = this->Insert(AGuest(/*shareable=*/true));
  FakeSession session;
  session.company = kAcme;
  session.session = SessionId(NewUuid());
  session.user = UserId(NewUuid());
  session.base_user = guest.user;
  session.method = guest.key();
  session.created_at = absl::Now();
  session.expires_at = absl::Now() + absl::Hours(1);
  this->AddSession(session);
  UserChange change = this->ChangeOf(guest.user);
  change.remove_all = true;
  EXPECT_THAT(InWords(this->Change(change)),
              UnorderedElementsAre(Ending(session.session), Ending(guest.user)));
  EXPECT_THAT(this->TypesOf(session.user), IsEmpty());
}

TYPED_TEST_P(MethodChangeContract, SwitchingAUserOffEndsAll) {
  const Method method = this->Insert(AMethod("ann"));
  const SessionId session = this->Session(method);
  UserChange change = this->ChangeOf(method.user);
  change.user_status = AccountStatus::kDeactivated;
  EXPECT_THAT(InWords(this->Change(change)),
              UnorderedElementsAre(Ending(session) + "!", Ending(method.user) + "!"));
  EXPECT_EQ(this->Find(method)->user_status, AccountStatus::kDeactivated);
  EXPECT_EQ(this->Find(method)->method.status, AccountStatus::kActivated);
  EXPECT_THAT(InWords(this->Change(change)), IsEmpty());
  change.user_status = AccountStatus::kActivated;
  EXPECT_THAT(InWords(this->Change(change)), IsEmpty());
  EXPECT_EQ(this->FindUser(method.user)->status, AccountStatus::kActivated);
}

TYPED_TEST_P(MethodChangeContract, WhatIsLockedIsLeftAloneFromOutside) {
  const Method method = this->Insert(AMethod("ann"));
  ASSERT_OK(this->SetStatus(method, AccountStatus::kLocked, /*may_lift_lock=*/true));
  EXPECT_THAT(this->SetStatus(method, AccountStatus::kActivated),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_THAT(this->Remove(method), HasReplyCode(::common::ACTION_INVALID));
  UserChange change = this->ChangeOf(method.user);
  change.remove_all = true;
  EXPECT_THAT(this->Change(change), HasReplyCode(::common::ACTION_INVALID));
  EXPECT_OK(this->SetStatus(method, AccountStatus::kActivated, /*may_lift_lock=*/true));

  change.remove_all = false;
  change.may_lift_lock = true;
  change.user_status = AccountStatus::kLocked;
  ASSERT_OK(this->Change(change));
  change.may_lift_lock = false;
  change.user_status = AccountStatus::kActivated;
  EXPECT_THAT(this->Change(change), HasReplyCode(::common::ACTION_INVALID));
  EXPECT_EQ(this->FindUser(method.user)->status, AccountStatus::kLocked);
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

TYPED_TEST_P(MethodChangeContract, OfTwoAdministratorsThatGoAtOnceOneStays) {
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

TYPED_TEST_P(MethodChangeContract, AUserWhoCameToHoldMoreIsNotTouched) {
  const Method method = this->Insert(AMethod("ann"));
  UserChange change = this->ChangeOf(method);
  change.edit->sealed_secret = "new";
  change.held = {Permission::kUserList};
  EXPECT_THAT(this->Change(change), IsUndecided(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(this->store().RemoveUser(ACall(), kAcme, method.user, change.held),
              IsUndecided(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(this->Find(method)->method.sealed_secret, method.sealed_secret);
}

TYPED_TEST_P(MethodChangeContract, ASessionIsEndedByItsUserOrTheAccessBehindIt) {
  const Method method = this->Insert(AMethod("ann"));
  const Method other = this->Insert(AMethod("bob"));
  const SessionId session = this->Session(method);
  EXPECT_THAT(this->store().EndSession(ACall(), kAcme, other.user, session),
              HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(this->store().EndSession(ACall(), kBeta, method.user, session),
              HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(InWords(this->store().EndSession(ACall(), kAcme, method.user, session)),
              ElementsAre(Ending(session)));
  EXPECT_THAT(this->store().EndSession(ACall(), kAcme, method.user, session),
              HasReplyCode(::common::NOT_FOUND));
}

TYPED_TEST_P(MethodChangeContract, ARemovedUserIsGoneForGood) {
  const Method method = this->Insert(AMethod("ann", {Permission::kUserList}));
  const SessionId session = this->Session(method);
  EXPECT_THAT(InWords(this->RemoveUser(method.user)),
              UnorderedElementsAre(Ending(session) + "!", Ending(method.user) + "!"));
  EXPECT_EQ(this->FindUser(method.user)->status, AccountStatus::kDeleted);
  EXPECT_FALSE(this->Find(method).has_value());
  EXPECT_THAT(InWords(this->RemoveUser(method.user)), IsEmpty());
  UserChange change = this->ChangeOf(method.user);
  change.user_status = AccountStatus::kActivated;
  EXPECT_THAT(this->Change(change), HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(this->store().EnsureUser(ACall(), kAcme, method.user, std::nullopt),
              HasReplyCode(::common::USER_INVALID));
  EXPECT_THAT(this->RemoveUser(UserId(NewUuid())), HasReplyCode(::common::NOT_FOUND));
  this->Insert(AMethod("ann"));  // the name is free again
}

TYPED_TEST_P(MethodChangeContract, TheFeedTellsWhatEndedInOrder) {
  const Method method = this->Insert(AMethod("ann"));
  const SessionId first = this->Session(method);
  const SessionId second = this->Session(method);
  const absl::Time before = absl::Now() - absl::Seconds(5);
  ASSERT_OK(this->store().EndSession(ACall(), kAcme, method.user, second));
  ASSERT_OK(this->store().EndSession(ACall(), kAcme, method.user, first));
  const auto all = this->store().ListRevocations(ACall(), 0, before);
  EXPECT_THAT(InWords(all), ElementsAre(Ending(second), Ending(first)));
  EXPECT_THAT(InWords(this->store().ListRevocations(ACall(), (*all)[0].sequence, before)),
              ElementsAre(Ending(first)));
  // Tokens of an ended session that are being signed this moment are dead as well.
  EXPECT_GT((*all)[0].issued_until, absl::Now() + absl::Seconds(30));
  const absl::Time later = absl::Now() + absl::Hours(1);
  EXPECT_THAT(InWords(this->store().ListRevocations(ACall(), 0, later)), IsEmpty());
  EXPECT_OK(this->store().ForgetRevocations(ACall(), later));
  EXPECT_THAT(InWords(this->store().ListRevocations(ACall(), 0, before)), IsEmpty());
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
                            TakingPermissionsOutdatesTokensAndLeavesTheSessions,
                            MetadataThatWouldGrowTooLargeChangesNothing,
                            ANewSecretEndsAllSessionsOfTheUser,
                            SwitchingAMethodOffEndsItsSessionsAlone,
                            RemovingAMethodSignsItsSessionsOut, AnotherUsersMethodIsOutOfReach,
                            AMethodIsMadeOnlyWhereThatIsMeant, RemovingAllComesFirst,
                            RemovingAllOfASharedAccessEndsItsGuests, SwitchingAUserOffEndsAll,
                            WhatIsLockedIsLeftAloneFromOutside, TheLastAdministratorStays,
                            OfTwoAdministratorsThatGoAtOnceOneStays,
                            AUserWhoCameToHoldMoreIsNotTouched,
                            ASessionIsEndedByItsUserOrTheAccessBehindIt, ARemovedUserIsGoneForGood,
                            TheFeedTellsWhatEndedInOrder, ChangesOfOneUserAtOnceAllCount);

}  // namespace usher::auth
