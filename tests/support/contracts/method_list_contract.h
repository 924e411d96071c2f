// What every MethodStore must do when methods are listed.
#pragma once

#include "tests/support/contracts/method_store_fixture.h"

namespace usher::auth {

template <class Fixture>
class MethodListContract : public MethodStoreFixture<Fixture> {};

TYPED_TEST_SUITE_P(MethodListContract);

TYPED_TEST_P(MethodListContract, AUsersMethodsComeWithTheNewestSession) {
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

TYPED_TEST_P(MethodListContract, AllFiltersOfAListHaveToHold) {
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
  filter.key_types = {KeyType::kGuestAccess, KeyType::kLdap};
  EXPECT_THAT(this->Listed(filter), ElementsAre(guest.principal));
  filter = this->InAcme();
  filter.only_user = ann.user;
  filter.statuses = {AccountStatus::kActivated, AccountStatus::kLocked};
  EXPECT_THAT(this->Listed(filter), ElementsAre("Ann"));
  filter = this->InAcme();
  filter.companies = {kBeta};
  EXPECT_THAT(this->Listed(filter), ElementsAre("ann"));
}

TYPED_TEST_P(MethodListContract, AListIsPagedByUser) {
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

TYPED_TEST_P(MethodListContract, SessionsAreListedWhereTheyAreNamed) {
  const Method method = this->Insert(AMethod("ann"));
  const SessionId session = this->Session(method);
  MethodFilter filter = this->InAcme();
  EXPECT_THAT(this->Listed(filter), ::testing::ElementsAre("ann"));
  filter.key_types = {KeyType::kRefreshToken};
  EXPECT_THAT(this->Listed(filter), ::testing::ElementsAre(session.value()));
  filter.principal_keys = {session.value()};
  EXPECT_THAT(this->Listed(filter), ::testing::ElementsAre(session.value()));
  filter.now = absl::Now() + absl::Hours(2);
  EXPECT_THAT(this->Listed(filter), ::testing::IsEmpty());
}

// The sessions of one user were listed without end, until no page with that user could be
// sent.
TYPED_TEST_P(MethodListContract, OfTheSessionsOfAUserTheNewestAreListedUnlessTheyAreNamed) {
  const Method ann = this->Insert(AMethod("ann"));
  const Method bob = this->Insert(AMethod("bob"));
  std::vector<std::string> sessions;
  for (int i = 0; i < 5; ++i) {
    sessions.push_back(this->Session(ann, absl::Minutes(5 - i)).value());
  }
  const std::string other = this->Session(bob).value();
  MethodFilter filter = this->InAcme();
  filter.key_types = {KeyType::kRefreshToken};
  filter.most_sessions = 2;
  EXPECT_THAT(this->Listed(filter),
              ::testing::UnorderedElementsAre(sessions[3], sessions[4], other));
  filter.principal_keys = {sessions[0], sessions[1], sessions[4]};
  EXPECT_THAT(this->Listed(filter), ::testing::ElementsAre(sessions[0], sessions[1], sessions[4]));
}

TYPED_TEST_P(MethodListContract, AListThatTakesTooManyBytesIsRefused) {
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

// A user ID that two companies have in common opens nothing (A1); what does is looked at in
// link_store_contract.h.
TYPED_TEST_P(MethodListContract, EligibleForSwitchAreOnesOwnAndWhatALinkLeadsToAlone) {
  const Method ann = this->Insert(AMethod("ann"));
  Method theirs = AMethod("eve");
  theirs.company = kBeta;
  theirs.user = ann.user;
  ASSERT_OK(this->store().InsertUserWithMethod(ACall(), theirs));
  this->Insert(AMethod("bob"));
  MethodFilter filter = this->InAcme();
  filter.companies.clear();
  filter.only_user = ann.user;
  filter.eligible_for_switch = {ann.company, SessionId(NewUuid())};
  EXPECT_THAT(this->Listed(filter), ::testing::ElementsAre("ann"));
  filter.only_user = this->Insert(AGuest()).user;
  EXPECT_THAT(this->Listed(filter), ::testing::IsEmpty());
}

REGISTER_TYPED_TEST_SUITE_P(MethodListContract, AUsersMethodsComeWithTheNewestSession,
                            AllFiltersOfAListHaveToHold, AListIsPagedByUser,
                            SessionsAreListedWhereTheyAreNamed,
                            OfTheSessionsOfAUserTheNewestAreListedUnlessTheyAreNamed,
                            AListThatTakesTooManyBytesIsRefused,
                            EligibleForSwitchAreOnesOwnAndWhatALinkLeadsToAlone);

}  // namespace usher::auth
