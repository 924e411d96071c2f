// What every MethodStore must do: finding, listing, making. What it must do when users change is in
// method_change_contract.h. Instantiated with a fixture that has
//   MethodStore& store();
//   void AddSession(const FakeSession&);
//   void SwitchOff(const CompanyId&);
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/auth/method/method_store.h"
#include "tests/support/a_caller.h"
#include "tests/support/fake_method_store.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {

inline const CompanyId kAcme("acme");
inline const CompanyId kBeta("beta");

// A password method of a user of its own in "acme".
inline Method AMethod(const std::string& principal, PermissionSet permissions = {}) {
  Method method;
  method.company = kAcme;
  method.key_type = KeyType::kPassword;
  method.principal = principal;
  method.principal_key = PrincipalKey(method.key_type, principal);
  method.user = UserId(NewUuid());
  method.sealed_secret = "sealed " + principal;
  method.permissions = permissions;
  return method;
}

inline Method ACode(const std::string& principal, const UserId& user) {
  Method method = AMethod(principal);
  method.key_type = KeyType::kAuthorizationCode;
  method.user = user;
  return method;
}

inline Method AGuest(bool shareable = false) {
  Method method = AMethod("guest");
  method.key_type = KeyType::kGuestAccess;
  method.principal = method.principal_key = method.user.value();
  method.room = RoomId(NewUuid());
  method.shareable = shareable;
  return method;
}

template <class Fixture>
class MethodStoreFixture : public Fixture {
 protected:
  MethodStoreFixture() {
    EXPECT_THAT(this->store().InsertCompany(ACall(), kAcme, {}), IsOkAndHolds(true));
    EXPECT_THAT(this->store().InsertCompany(ACall(), kBeta, {}), IsOkAndHolds(true));
  }

  Method Insert(const Method& method) {
    EXPECT_THAT(this->store().InsertUserWithMethod(ACall(), method), IsOkAndHolds(method.user));
    return method;
  }
  // A further method for a user that is there.
  void Add(const Method& method) {
    UserChange change = ChangeOf(method);
    change.edit->may_insert = true;
    change.edit->sealed_secret = method.sealed_secret;
    change.edit->permissions.give = method.permissions;
    ASSERT_OK(this->store().ChangeUser(ACall(), change));
  }
  // A change of the method that changes nothing yet.
  UserChange ChangeOf(const Method& method) {
    UserChange change = ChangeOf(method.user);
    change.edit.emplace();
    change.edit->key = method.key();
    change.edit->principal = method.principal;
    return change;
  }
  UserChange ChangeOf(const UserId& user) {
    UserChange change;
    change.company = kAcme;
    change.user = user;
    const auto standing = FindUser(user);
    if (standing.has_value()) change.held = standing->held;
    return change;
  }
  SessionId Session(const Method& method, absl::Duration age = absl::ZeroDuration()) {
    FakeSession session;
    session.company = method.company;
    session.session = SessionId(NewUuid());
    session.user = method.user;
    session.method = method.key();
    session.permissions = method.permissions;
    session.created_at = absl::Now() - age;
    session.expires_at = absl::Now() + absl::Hours(1);
    this->AddSession(session);
    return session.session;
  }
  std::optional<MethodStanding> Find(const Method& method) {
    const auto found = this->store().FindMethod(ACall(), method.company, method.key());
    EXPECT_OK(found);
    return found.ok() ? *found : std::nullopt;
  }
  std::optional<UserStanding> FindUser(const UserId& user) {
    const auto found = this->store().FindUser(ACall(), kAcme, user, absl::Now());
    EXPECT_OK(found);
    return found.ok() ? *found : std::nullopt;
  }
  std::vector<std::string> TypesOf(const UserId& user) {
    std::vector<std::string> types;
    const auto listed = this->store().ListOfUser(ACall(), kAcme, user, absl::Now());
    EXPECT_OK(listed);
    if (!listed.ok()) return types;
    for (const Method& method : *listed) types.push_back(KeyTypeName(method.key_type));
    return types;
  }
  MethodFilter InAcme() {
    MethodFilter filter;
    filter.companies = {kAcme};
    filter.now = absl::Now();
    return filter;
  }
  std::vector<std::string> Listed(const MethodFilter& filter) {
    std::vector<std::string> principals;
    const auto page = this->store().List(ACall(), filter);
    EXPECT_OK(page);
    if (!page.ok()) return principals;
    for (const Method& method : page->methods) {
      EXPECT_EQ(method.sealed_secret, "");
      principals.push_back(method.principal);
    }
    return principals;
  }
};

template <class Fixture>
class MethodStoreContract : public MethodStoreFixture<Fixture> {};

TYPED_TEST_SUITE_P(MethodStoreContract);

TYPED_TEST_P(MethodStoreContract, AnInsertedMethodIsFoundAsItWas) {
  Method method = AGuest(/*shareable=*/true);
  method.sealed_secret = std::string("\x00\x01\xff'\\", 5);
  method.permissions = PermissionSet{Permission::kUserShow, Permission::kRoomAdmin};
  method.status = AccountStatus::kPending;
  method.metadata = {{"k\"ey", "va\\lue\n"}, {"ü", "😀"}};
  method.email = "guest@example.org";
  method.display_name = "Gäst";
  method.redirect_uri = "https://example.org/?a=b";
  method.expires_at = absl::FromUnixSeconds(4000000000);
  this->Insert(method);
  const auto found = this->Find(method);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->user_status, AccountStatus::kActivated);
  EXPECT_TRUE(found->company_active);
  EXPECT_EQ(found->method.company, method.company);
  EXPECT_EQ(found->method.key(), method.key());
  EXPECT_EQ(found->method.principal, method.principal);
  EXPECT_EQ(found->method.user, method.user);
  EXPECT_EQ(found->method.sealed_secret, method.sealed_secret);
  EXPECT_EQ(found->method.permissions, method.permissions);
  EXPECT_EQ(found->method.status, method.status);
  EXPECT_EQ(found->method.metadata, method.metadata);
  EXPECT_EQ(found->method.room, method.room);
  EXPECT_EQ(found->method.email, method.email);
  EXPECT_EQ(found->method.display_name, method.display_name);
  EXPECT_EQ(found->method.redirect_uri, method.redirect_uri);
  EXPECT_TRUE(found->method.shareable);
  EXPECT_EQ(found->method.expires_at, method.expires_at);
}

TYPED_TEST_P(MethodStoreContract, WhatIsNotThereIsNotFound) {
  const Method method = this->Insert(AMethod("ann"));
  EXPECT_FALSE(this->Find(AMethod("bob")).has_value());
  EXPECT_FALSE(this->Find(ACode("ann", method.user)).has_value());
  Method elsewhere = method;
  elsewhere.company = kBeta;
  EXPECT_FALSE(this->Find(elsewhere).has_value());
  EXPECT_FALSE(this->store().FindUser(ACall(), kBeta, method.user, absl::Now())->has_value());
}

TYPED_TEST_P(MethodStoreContract, ACompanyThatIsOffOrUnknownTakesNobody) {
  const Method method = this->Insert(AMethod("ann"));
  this->SwitchOff(kAcme);
  EXPECT_FALSE(this->Find(method)->company_active);
  EXPECT_FALSE(this->FindUser(method.user)->company_active);
  for (const char* company : {"acme", "nowhere"}) {
    Method late = AMethod("late");
    late.company = CompanyId(company);
    EXPECT_THAT(this->store().InsertUserWithMethod(ACall(), late),
                HasReplyCode(::common::NOT_FOUND));
    EXPECT_THAT(this->store().EnsureUser(ACall(), late.company, late.user, late),
                HasReplyCode(::common::NOT_FOUND));
  }
}

TYPED_TEST_P(MethodStoreContract, APrincipalIsTakenInItsCompanyAlone) {
  this->Insert(AMethod("Ann"));
  Method second = AMethod("ANN");
  EXPECT_THAT(this->store().InsertUserWithMethod(ACall(), second),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_FALSE(this->FindUser(second.user).has_value());
  second.company = kBeta;
  EXPECT_OK(this->store().InsertUserWithMethod(ACall(), second));
  this->Insert(ACode("ann", UserId(NewUuid())));
}

TYPED_TEST_P(MethodStoreContract, TheSameIdempotencyKeyMakesOneUser) {
  const CallContext call = ACaller().WithIdempotencyKey("key").BuildCall();
  const Method first = AMethod("ann");
  Method again = first;
  again.user = UserId(NewUuid());
  EXPECT_THAT(this->store().InsertUserWithMethod(call, first), IsOkAndHolds(first.user));
  EXPECT_THAT(this->store().InsertUserWithMethod(call, again), IsOkAndHolds(first.user));
  EXPECT_FALSE(this->FindUser(again.user).has_value());
  const CallContext other = ACaller().WithIdempotencyKey("key", "another request").BuildCall();
  EXPECT_THAT(this->store().InsertUserWithMethod(other, AMethod("bob")),
              HasReplyCode(::common::ACTION_INVALID));
}

TYPED_TEST_P(MethodStoreContract, AUserHoldsWhatAllMethodsHaveAndUsesWhatLiveOnesHave) {
  const Method method = this->Insert(AMethod("ann", {Permission::kUserList}));
  Method off = ACode("ann", method.user);
  off.permissions = {Permission::kRoomAdmin};
  this->Add(off);
  UserChange change = this->ChangeOf(off);
  change.edit->status = AccountStatus::kDeactivated;
  ASSERT_OK(this->store().ChangeUser(ACall(), change));
  const auto standing = this->FindUser(method.user);
  EXPECT_EQ(standing->held, (PermissionSet{Permission::kUserList, Permission::kRoomAdmin}));
  EXPECT_EQ(standing->usable, PermissionSet{Permission::kUserList});
  Method expired = AGuest();
  expired.permissions = {Permission::kUserShow};
  expired.expires_at = absl::Now() - absl::Seconds(1);
  this->Insert(expired);
  EXPECT_EQ(this->FindUser(expired.user)->usable, PermissionSet{});
}

TYPED_TEST_P(MethodStoreContract, WhoHasGuestAccessesAndNothingElseIsAGuest) {
  const Method guest = this->Insert(AGuest());
  EXPECT_TRUE(this->FindUser(guest.user)->guest);
  this->Session(guest);
  EXPECT_TRUE(this->FindUser(guest.user)->guest) << "a session is no method";
  this->Add(ACode("client", guest.user));
  EXPECT_FALSE(this->FindUser(guest.user)->guest);
  const UserId nobody(NewUuid());
  ASSERT_OK(this->store().EnsureUser(ACall(), kAcme, nobody, std::nullopt));
  EXPECT_FALSE(this->FindUser(nobody)->guest) << "who has no method is no guest";
}

TYPED_TEST_P(MethodStoreContract, TheMethodsOfAUserAreAsActiveAsTheOneThatIsNearestToIt) {
  const UserId without(NewUuid());
  ASSERT_OK(this->store().EnsureUser(ACall(), kAcme, without, std::nullopt));
  EXPECT_EQ(this->FindUser(without)->methods, AccountStatus::kActivated);
  EXPECT_FALSE(this->FindUser(without)->guest);

  Method pending = AMethod("ann");
  pending.status = AccountStatus::kPending;
  this->Insert(pending);
  EXPECT_EQ(this->FindUser(pending.user)->methods, AccountStatus::kPending);
  const Method code = ACode("ann", pending.user);
  this->Add(code);
  EXPECT_EQ(this->FindUser(pending.user)->methods, AccountStatus::kActivated);
  UserChange change = this->ChangeOf(code);
  change.edit->status = AccountStatus::kDeactivated;
  ASSERT_OK(this->store().ChangeUser(ACall(), change));
  EXPECT_EQ(this->FindUser(pending.user)->methods, AccountStatus::kDeactivated);
  EXPECT_FALSE(this->FindUser(pending.user)->guest);

  Method guest = AGuest();
  guest.expires_at = absl::Now() - absl::Seconds(1);
  this->Insert(guest);
  EXPECT_EQ(this->FindUser(guest.user)->methods, AccountStatus::kDeactivated);
  EXPECT_TRUE(this->FindUser(guest.user)->guest);
  this->Add(ACode("guest", guest.user));
  EXPECT_FALSE(this->FindUser(guest.user)->guest);
}

TYPED_TEST_P(MethodStoreContract, ASecretIsReplacedUnlessItHasChangedMeanwhile) {
  const Method method = this->Insert(AMethod("ann"));
  EXPECT_OK(this->store().ReplaceSecret(ACall(), kAcme, method.key(), "another", "lost"));
  EXPECT_EQ(this->Find(method)->method.sealed_secret, method.sealed_secret);
  EXPECT_OK(this->store().ReplaceSecret(ACall(), kAcme, method.key(), method.sealed_secret,
                                        std::string("\x00new", 4)));
  EXPECT_EQ(this->Find(method)->method.sealed_secret, std::string("\x00new", 4));
}

TYPED_TEST_P(MethodStoreContract, AUsersMethodsComeWithTheNewestSession) {
  const Method method = this->Insert(AMethod("ann"));
  this->Add(ACode("ann", method.user));
  this->Session(method, absl::Minutes(2));
  const SessionId newest = this->Session(method, absl::Minutes(1));
  const auto listed = *this->store().ListOfUser(ACall(), kAcme, method.user, absl::Now());
  ASSERT_THAT(this->TypesOf(method.user),
              ::testing::UnorderedElementsAre("password", "authorization_code", "refresh_token"));
  for (const Method& one : listed) {
    EXPECT_EQ(one.sealed_secret, "");
    if (one.key_type != KeyType::kRefreshToken) continue;
    EXPECT_EQ(one.principal, newest.value());
  }
  EXPECT_THAT(*this->store().ListOfUser(ACall(), kAcme, method.user, absl::Now() + absl::Hours(2)),
              ::testing::SizeIs(2));
  EXPECT_THAT(*this->store().ListOfUser(ACall(), kBeta, method.user, absl::Now()),
              ::testing::IsEmpty());
}

TYPED_TEST_P(MethodStoreContract, AllFiltersOfAListHaveToHold) {
  const Method ann = this->Insert(AMethod("Ann"));
  const Method bob = this->Insert(AMethod("bob"));
  const Method guest = this->Insert(AGuest());
  Method theirs = AMethod("ann");
  theirs.company = kBeta;
  ASSERT_OK(this->store().InsertUserWithMethod(ACall(), theirs));
  using ::testing::ElementsAre;
  using ::testing::IsEmpty;
  MethodFilter filter = this->InAcme();
  EXPECT_THAT(this->Listed(filter), ElementsAre("Ann", "bob", guest.principal));
  filter.principal_keys = {"ann", "bob"};
  EXPECT_THAT(this->Listed(filter), ElementsAre("Ann", "bob"));
  filter.users = {bob.user, guest.user};
  EXPECT_THAT(this->Listed(filter), ElementsAre("bob"));
  filter.statuses = {AccountStatus::kPending};
  EXPECT_THAT(this->Listed(filter), IsEmpty());
  filter = this->InAcme();
  filter.key_types = {"guest_access", "ldap"};
  EXPECT_THAT(this->Listed(filter), ElementsAre(guest.principal));
  filter = this->InAcme();
  filter.only_user = ann.user;
  filter.statuses = {AccountStatus::kActivated, AccountStatus::kLocked};
  EXPECT_THAT(this->Listed(filter), ElementsAre("Ann"));
  filter = this->InAcme();
  filter.companies = {kBeta};
  EXPECT_THAT(this->Listed(filter), ElementsAre("ann"));
}

TYPED_TEST_P(MethodStoreContract, AListIsPagedByUser) {
  std::vector<Method> users;
  for (const char* name : {"u0", "u1", "u2"}) users.push_back(this->Insert(AMethod(name)));
  this->Add(ACode("c1", users[1].user));
  MethodFilter filter = this->InAcme();
  filter.limit = 2;
  auto page = *this->store().List(ACall(), filter);
  EXPECT_EQ(page.users, 3u);
  EXPECT_THAT(this->Listed(filter), ::testing::ElementsAre("u0", "u1", "c1"));
  filter.offset = 2;
  EXPECT_THAT(this->Listed(filter), ::testing::ElementsAre("u2"));
  filter.offset = 4294967295u;
  page = *this->store().List(ACall(), filter);
  EXPECT_EQ(page.users, 3u);
  EXPECT_THAT(page.methods, ::testing::IsEmpty());
}

TYPED_TEST_P(MethodStoreContract, SessionsAreListedWhereTheyAreNamed) {
  const Method method = this->Insert(AMethod("ann"));
  const SessionId session = this->Session(method);
  MethodFilter filter = this->InAcme();
  EXPECT_THAT(this->Listed(filter), ::testing::ElementsAre("ann"));
  filter.key_types = {"refresh_token"};
  EXPECT_THAT(this->Listed(filter), ::testing::ElementsAre(session.value()));
  filter.principal_keys = {session.value()};
  EXPECT_THAT(this->Listed(filter), ::testing::ElementsAre(session.value()));
  filter.now = absl::Now() + absl::Hours(2);
  EXPECT_THAT(this->Listed(filter), ::testing::IsEmpty());
}

// The sessions of one user were listed without end, until no page with that user could be
// sent.
TYPED_TEST_P(MethodStoreContract, OfTheSessionsOfAUserTheNewestAreListedUnlessTheyAreNamed) {
  const Method ann = this->Insert(AMethod("ann"));
  const Method bob = this->Insert(AMethod("bob"));
  std::vector<std::string> sessions;
  for (int i = 0; i < 5; ++i) {
    sessions.push_back(this->Session(ann, absl::Minutes(5 - i)).value());
  }
  const std::string other = this->Session(bob).value();
  MethodFilter filter = this->InAcme();
  filter.key_types = {"refresh_token"};
  filter.most_sessions = 2;
  EXPECT_THAT(this->Listed(filter),
              ::testing::UnorderedElementsAre(sessions[3], sessions[4], other));
  filter.principal_keys = {sessions[0], sessions[1], sessions[4]};
  EXPECT_THAT(this->Listed(filter), ::testing::ElementsAre(sessions[0], sessions[1], sessions[4]));
}

TYPED_TEST_P(MethodStoreContract, AListThatTakesTooManyBytesIsRefused) {
  for (const char* name : {"ann", "bob", "cid"}) {
    Method method = AMethod(name);
    method.metadata = {{"key", std::string(1000, 'x')}};
    this->Insert(method);
  }
  MethodFilter filter = this->InAcme();
  filter.most_bytes = 2800;
  EXPECT_THAT(this->store().List(ACall(), filter), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  filter.limit = 2;
  EXPECT_EQ(this->Listed(filter).size(), 2u);
  filter.most_bytes = 10000;
  filter.limit = 100;
  EXPECT_EQ(this->Listed(filter).size(), 3u);
}

TYPED_TEST_P(MethodStoreContract, EligibleForSwitchAreActiveMethodsOfTheUserAnywhere) {
  const Method ann = this->Insert(AMethod("ann"));
  Method theirs = AMethod("ann");
  theirs.company = kBeta;
  theirs.user = ann.user;
  ASSERT_OK(this->store().InsertUserWithMethod(ACall(), theirs));
  this->Insert(AMethod("bob"));
  MethodFilter filter = this->InAcme();
  filter.companies.clear();
  filter.only_user = ann.user;
  filter.only_eligible_for_switch = true;
  EXPECT_THAT(this->Listed(filter), ::testing::ElementsAre("ann", "ann"));
  filter.only_user = this->Insert(AGuest()).user;
  EXPECT_THAT(this->Listed(filter), ::testing::IsEmpty());
}

TYPED_TEST_P(MethodStoreContract, EnsuringAUserTwiceMakesOne) {
  const Method method = AMethod("ann");
  for (int i = 0; i < 2; ++i) {
    EXPECT_OK(this->store().EnsureUser(ACall(), kAcme, method.user, method));
    EXPECT_OK(this->store().EnsureUser(ACall(), kAcme, method.user, std::nullopt));
  }
  EXPECT_TRUE(this->Find(method).has_value());
  EXPECT_THAT(this->store().EnsureUser(ACall(), kAcme, method.user, ACode("c", method.user)),
              HasReplyCode(::common::ACTION_INVALID));
  const Method other = AMethod("ANN");
  EXPECT_THAT(this->store().EnsureUser(ACall(), kAcme, other.user, other),
              HasReplyCode(::common::ACTION_INVALID));
  EXPECT_FALSE(this->FindUser(other.user).has_value());
}

TYPED_TEST_P(MethodStoreContract, SettlingAnswersForGood) {
  const Method method = AMethod("ann");
  EXPECT_THAT(this->store().SettleUser(ACall(), kAcme, method.user), IsOkAndHolds(false));
  EXPECT_THAT(this->store().EnsureUser(ACall(), kAcme, method.user, method),
              HasReplyCode(::common::USER_INVALID));
  EXPECT_THAT(this->store().SettleUser(ACall(), kAcme, method.user), IsOkAndHolds(false));
  const UserId there(NewUuid());
  EXPECT_OK(this->store().EnsureUser(ACall(), kAcme, there, std::nullopt));
  EXPECT_THAT(this->store().SettleUser(ACall(), kAcme, there), IsOkAndHolds(true));
  EXPECT_THAT(this->store().SettleUser(ACall(), CompanyId("nowhere"), there), IsOkAndHolds(false));
}

TYPED_TEST_P(MethodStoreContract, ACompanyIsMadeOnce) {
  Method first = AMethod("root", kCompanyAdministrator);
  first.company = CompanyId("gamma");
  EXPECT_THAT(this->store().InsertCompany(ACall(), first.company, {first}), IsOkAndHolds(true));
  EXPECT_TRUE(this->Find(first).has_value());
  Method second = AMethod("intruder", kCompanyAdministrator);
  second.company = first.company;
  EXPECT_THAT(this->store().InsertCompany(ACall(), first.company, {second}), IsOkAndHolds(false));
  EXPECT_FALSE(this->Find(second).has_value());
}

REGISTER_TYPED_TEST_SUITE_P(
    MethodStoreContract, AnInsertedMethodIsFoundAsItWas, WhatIsNotThereIsNotFound,
    ACompanyThatIsOffOrUnknownTakesNobody, APrincipalIsTakenInItsCompanyAlone,
    TheSameIdempotencyKeyMakesOneUser, AUserHoldsWhatAllMethodsHaveAndUsesWhatLiveOnesHave,
    TheMethodsOfAUserAreAsActiveAsTheOneThatIsNearestToIt,
    WhoHasGuestAccessesAndNothingElseIsAGuest, ASecretIsReplacedUnlessItHasChangedMeanwhile,
    AUsersMethodsComeWithTheNewestSession, AllFiltersOfAListHaveToHold, AListIsPagedByUser,
    OfTheSessionsOfAUserTheNewestAreListedUnlessTheyAreNamed, AListThatTakesTooManyBytesIsRefused,
    SessionsAreListedWhereTheyAreNamed, EligibleForSwitchAreActiveMethodsOfTheUserAnywhere,
    EnsuringAUserTwiceMakesOne, SettlingAnswersForGood, ACompanyIsMadeOnce);

}  // namespace usher::auth
