// Which sessions and tokens end with what changes, in every MethodStore.
#pragma once

#include <algorithm>

#include "services/auth/method/user_revocations.h"
#include "tests/support/contracts/method_store_fixture.h"

namespace usher::auth {

template <class Fixture>
class SessionEndContract : public MethodChangeFixture<Fixture> {};

TYPED_TEST_SUITE_P(SessionEndContract);

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TYPED_TEST_P(SessionEndContract, TakingPermissionsOutdatesTokensAndLeavesTheSessions) {
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

TYPED_TEST_P(SessionEndContract, ANewSecretEndsAllSessionsOfTheUser) {
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

TYPED_TEST_P(SessionEndContract, SwitchingAMethodOffEndsItsSessionsAlone) {
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

TYPED_TEST_P(SessionEndContract, RemovingAMethodSignsItsSessionsOut) {
  const Method method = this->Insert(AMethod("ann"));
  const SessionId session = this->Session(method);
  EXPECT_THAT(InWords(this->Remove(method)),
              UnorderedElementsAre(Ending(session), Ending(method.user)));
  EXPECT_FALSE(this->Find(method).has_value());
  EXPECT_TRUE(this->FindUser(method.user).has_value());
  EXPECT_THAT(this->Remove(method), HasReplyCode(::common::NOT_FOUND));
}

TYPED_TEST_P(SessionEndContract, SwitchingTheLastActiveMethodOffEndsAllTokensOfTheUser) {
  const Method method = this->Insert(AMethod("ann"));
  EXPECT_THAT(InWords(this->SetStatus(method, AccountStatus::kPending)),
              ElementsAre(Ending(method.user) + "!"));
}

TYPED_TEST_P(SessionEndContract, InThePlaceOfManySessionsTheUserIsNamed) {
  const Method guest = this->Insert(AGuest(/*shareable=*/true));
  for (size_t i = 0; i <= kMostNamedSessions; ++i) this->Session(guest);
  EXPECT_THAT(InWords(this->SetStatus(guest, AccountStatus::kDeactivated)),
              ElementsAre(Ending(guest.user) + "!"));
  EXPECT_THAT(this->TypesOf(guest.user), ElementsAre("guest_access"));
}

TYPED_TEST_P(SessionEndContract, OfManySessionsThoseThatCanSignForOthersAreNamedAsWell) {
  Method code = ACode("key", UserId(NewUuid()));
  this->Insert(code);
  for (size_t i = 0; i <= kMostNamedSessions; ++i) this->Session(code);
  code.permissions = {Permission::kUserAdmin};
  const SessionId signing = this->Session(code);
  UserChange change = this->ChangeOf(code);
  change.edit->sealed_secret = "new";
  EXPECT_THAT(InWords(this->Change(change)),
              UnorderedElementsAre(Ending(signing), Ending(code.user)));
}

TYPED_TEST_P(SessionEndContract, SessionsOfAMethodThatIsGoneAreNotThoseOfTheNextOne) {
  const Method method = this->Insert(AMethod("ann"));
  const SessionId session = this->Session(method);
  ASSERT_OK(this->Remove(method));
  this->Add(method);
  EXPECT_THAT(this->TypesOf(method.user), ElementsAre("password"));
  EXPECT_THAT(this->store().EndSession(ACall(), kAcme, method.user, session),
              HasReplyCode(::common::NOT_FOUND));
  EXPECT_THAT(InWords(this->SetStatus(method, AccountStatus::kDeactivated)),
              ElementsAre(Ending(method.user) + "!"));
}

TYPED_TEST_P(SessionEndContract, RemovingAllOfASharedAccessEndsItsGuests) {
  const Method guest = this->Insert(AGuest(/*shareable=*/true));
  FakeSession session;
  session.company = kAcme;
  session.id = SessionId(NewUuid());
  session.user = UserId(NewUuid());
  session.base_user = guest.user;
  session.method = guest.key();
  session.created_at = absl::Now();
  session.expires_at = absl::Now() + absl::Hours(1);
  this->AddSession(session);
  UserChange change = this->ChangeOf(guest.user);
  change.remove_all = true;
  EXPECT_THAT(InWords(this->Change(change)),
              UnorderedElementsAre(Ending(session.id), Ending(guest.user)));
  EXPECT_THAT(this->TypesOf(session.user), IsEmpty());
}

TYPED_TEST_P(SessionEndContract, SwitchingAUserOffEndsAll) {
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

TYPED_TEST_P(SessionEndContract, ASessionIsEndedByItsUserOrTheAccessBehindIt) {
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

TYPED_TEST_P(SessionEndContract, EndingAllSessionsLeavesTheMethods) {
  const Method method = this->Insert(AMethod("ann"));
  const Method code = ACode("key", method.user);
  this->Add(code);
  const SessionId first = this->Session(method);
  const SessionId second = this->Session(code);
  const Method other = this->Insert(AMethod("bob"));
  this->Session(other);
  UserChange change = this->ChangeOf(method.user);
  change.end_sessions = true;
  EXPECT_THAT(InWords(this->Change(change)),
              UnorderedElementsAre(Ending(first), Ending(second), Ending(method.user)));
  EXPECT_THAT(this->TypesOf(method.user), UnorderedElementsAre("password", "authorization_code"));
  EXPECT_THAT(this->TypesOf(other.user), UnorderedElementsAre("password", "refresh_token"));
  EXPECT_EQ(this->Find(method)->method.status, AccountStatus::kActivated);
  // Once more, with nothing there: what is signed for the user ends all the same.
  EXPECT_THAT(InWords(this->Change(change)), ElementsAre(Ending(method.user)));
}

TYPED_TEST_P(SessionEndContract, OneSessionGoesOnWhereTheOthersEnd) {
  const Method method = this->Insert(AMethod("ann"));
  const Method code = ACode("key", method.user);
  this->Add(code);
  const SessionId kept = this->Session(method, absl::Hours(2));
  const SessionId first = this->Session(method);
  const SessionId second = this->Session(code);
  const auto shown = [&] {
    MethodFilter filter = this->InAcme();
    filter.key_types = {KeyType::kRefreshToken};
    std::vector<Method> sessions;
    const auto page = this->store().List(ACall(), filter);
    EXPECT_OK(page);
    if (page.ok()) sessions = page->methods;
    return sessions;
  };
  const auto of_kept = [&](const Method& session) { return session.principal == kept.value(); };
  const std::vector<Method> before = shown();
  const auto found = std::find_if(before.begin(), before.end(), of_kept);
  ASSERT_NE(found, before.end());

  UserChange change = this->ChangeOf(method.user);
  change.end_sessions = true;
  change.kept_session = kept;
  for (int i = 0; i < 2; ++i) {
    SCOPED_TRACE(i);
    std::vector<std::string> ended = {Ending(method.user) + "-"};
    if (i == 0) ended.insert(ended.end(), {Ending(first), Ending(second)});
    EXPECT_THAT(InWords(this->Change(change)), ::testing::UnorderedElementsAreArray(ended));
    const std::vector<Method> after = shown();
    ASSERT_EQ(after.size(), 1u);
    EXPECT_TRUE(of_kept(after[0]));
    EXPECT_EQ(after[0].metadata.at("firstUse"), found->metadata.at("firstUse"));
  }
  change.kept_session = SessionId();
  EXPECT_THAT(InWords(this->Change(change)),
              UnorderedElementsAre(Ending(kept), Ending(method.user)));
  EXPECT_THAT(shown(), IsEmpty());
}

TYPED_TEST_P(SessionEndContract, ASessionThatIsOverOrNotTheUsersIsNotKept) {
  const Method method = this->Insert(AMethod("ann"));
  const Method other = this->Insert(AMethod("bob"));
  const SessionId others = this->Session(other);
  const SessionId over = this->Session(method);
  ASSERT_OK(this->store().EndSession(ACall(), kAcme, method.user, over));
  const SessionId session = this->Session(method);
  for (const SessionId& kept : {others, over, SessionId(NewUuid())}) {
    UserChange change = this->ChangeOf(method.user);
    change.end_sessions = true;
    change.kept_session = kept;
    EXPECT_THAT(this->Change(change), HasReplyCode(::common::ACTION_INVALID));
  }
  EXPECT_THAT(InWords(this->store().EndSession(ACall(), kAcme, method.user, session)),
              ElementsAre(Ending(session)));
}

TYPED_TEST_P(SessionEndContract, AGuestOfASharedAccessIsSignedOutWithoutTheOthers) {
  const Method access = this->Insert(AGuest(/*shareable=*/true));
  const auto come = [&] {
    FakeSession session;
    session.company = kAcme;
    session.id = SessionId(NewUuid());
    session.user = UserId(NewUuid());
    session.base_user = access.user;
    session.method = access.key();
    session.created_at = absl::Now();
    session.expires_at = absl::Now() + absl::Hours(1);
    this->AddSession(session);
    return session;
  };
  const FakeSession guest = come();
  const FakeSession other = come();
  const Method user = this->Insert(AMethod("ann"));
  this->Session(user);
  EXPECT_THAT(InWords(this->store().EndGuest(ACall(), kAcme, guest.user)),
              UnorderedElementsAre(Ending(guest.id), Ending(guest.user)));
  EXPECT_THAT(this->TypesOf(guest.user), IsEmpty());
  EXPECT_THAT(this->TypesOf(other.user), ElementsAre("refresh_token"));
  EXPECT_THAT(InWords(this->store().EndGuest(ACall(), kAcme, guest.user)),
              ElementsAre(Ending(guest.user)));
  // A user's sessions are not a guest's.
  EXPECT_THAT(InWords(this->store().EndGuest(ACall(), kAcme, user.user)),
              ElementsAre(Ending(user.user)));
  EXPECT_THAT(this->TypesOf(user.user), UnorderedElementsAre("password", "refresh_token"));
}

REGISTER_TYPED_TEST_SUITE_P(
    SessionEndContract, TakingPermissionsOutdatesTokensAndLeavesTheSessions,
    ANewSecretEndsAllSessionsOfTheUser, SwitchingAMethodOffEndsItsSessionsAlone,
    RemovingAMethodSignsItsSessionsOut, SwitchingTheLastActiveMethodOffEndsAllTokensOfTheUser,
    InThePlaceOfManySessionsTheUserIsNamed, OfManySessionsThoseThatCanSignForOthersAreNamedAsWell,
    SessionsOfAMethodThatIsGoneAreNotThoseOfTheNextOne, RemovingAllOfASharedAccessEndsItsGuests,
    SwitchingAUserOffEndsAll, ASessionIsEndedByItsUserOrTheAccessBehindIt,
    EndingAllSessionsLeavesTheMethods, OneSessionGoesOnWhereTheOthersEnd,
    ASessionThatIsOverOrNotTheUsersIsNotKept, AGuestOfASharedAccessIsSignedOutWithoutTheOthers);

}  // namespace usher::auth
