// What every SessionStore must do when sessions are opened.
#pragma once

#include "tests/support/contracts/session_store_fixture.h"

namespace usher::auth {

template <class Fixture>
class SessionOpeningContract : public SessionStoreFixture<Fixture> {};

TYPED_TEST_SUITE_P(SessionOpeningContract);

TYPED_TEST_P(SessionOpeningContract, AnOpenedSessionIsFoundAsItWas) {
  const Method method = this->Insert(KeyType::kPassword, "Ada", {Permission::kUserList});
  Session session = this->SessionOf(method);
  session.base_user = UserId(NewUuid());
  session.display_name = "Ada the guest";
  session = this->AnOpened(method, session);

  const auto found = *this->sessions().Find(ACall(), session.company, session.id);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->session.company, session.company);
  EXPECT_EQ(found->session.id, session.id);
  EXPECT_EQ(found->session.user, session.user);
  EXPECT_EQ(found->session.base_user, session.base_user);
  EXPECT_EQ(found->session.method, session.method);
  EXPECT_EQ(found->session.principal, "Ada");
  EXPECT_EQ(found->session.display_name, "Ada the guest");
  EXPECT_EQ(found->session.granted, session.granted);
  EXPECT_EQ(found->session.good_hashes, session.good_hashes);
  EXPECT_THAT(found->session.ended_hashes, ::testing::IsEmpty());
  EXPECT_EQ(found->session.rotated_at, session.rotated_at);
  EXPECT_EQ(found->session.expires_at, session.expires_at);
  EXPECT_EQ(found->method.method.permissions, method.permissions);
  EXPECT_EQ(EffectiveStatus(found->method, found->now()), AccountStatus::kActivated);
}

// Whatever the clock of the server says: it is the store that dates revocations as well.
TYPED_TEST_P(SessionOpeningContract, TheStoreDatesASessionAndEveryLookAtIt) {
  const Method method = this->Insert(KeyType::kPassword, "ada", {Permission::kUserList});
  Session wrong = this->SessionOf(method);
  wrong.rotated_at = absl::UnixEpoch();
  wrong.expires_at = absl::UnixEpoch();
  const absl::Time before = absl::Now() - absl::Seconds(1);
  const Session session = this->AnOpened(method, wrong, absl::Minutes(7));
  EXPECT_GT(session.rotated_at, before);
  EXPECT_EQ(session.expires_at, session.rotated_at + absl::Minutes(7));

  const auto found = *this->sessions().Find(ACall(), session.company, session.id);
  EXPECT_GE(found->now(), session.rotated_at);
  EXPECT_LT(found->now(), absl::Now() + absl::Seconds(1));
  absl::Time renewed_at;
  const auto look = [&](const SessionStanding& standing) {
    renewed_at = standing.now();
    return Rotation();
  };
  ASSERT_OK(this->sessions().Rotate(ACall(), session.company, session.id, look));
  EXPECT_GE(renewed_at, found->now());
  const auto target = *this->sessions().FindSigningTarget(ACall(), method.company, method.user);
  EXPECT_GE(target->read_at, renewed_at);
}

TYPED_TEST_P(SessionOpeningContract, ASessionEndsWithItsMethod) {
  Method method = this->AGuestAccess(this->kCompany);
  method.expires_at = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now())) + absl::Minutes(5);
  ASSERT_OK(this->methods().InsertUserWithMethod(ACall(), method));
  EXPECT_EQ(this->AnOpened(method).expires_at, *method.expires_at);
}

TYPED_TEST_P(SessionOpeningContract, NothingIsOpenedWhenTheSecretHasChanged) {
  Method method = this->Insert(KeyType::kPassword, "ada");
  method.sealed_secret = "as it was before";
  EXPECT_FALSE(this->Opens(this->SessionOf(method), method));
}

TYPED_TEST_P(SessionOpeningContract, NothingIsOpenedWithAPermissionThatWasTaken) {
  const Method method = this->Insert(KeyType::kPassword, "ada", {Permission::kUserList});
  Session session = this->SessionOf(method);
  session.granted = {Permission::kUserList, Permission::kUserShow};
  EXPECT_FALSE(this->Opens(session, method));
  session.granted = {};
  EXPECT_TRUE(this->Opens(session, method));
}

TYPED_TEST_P(SessionOpeningContract, NothingIsOpenedForWhatIsNotActive) {
  const Method of_user = this->Insert(KeyType::kPassword, "ada");
  this->SetStatus(of_user, AccountStatus::kDeactivated, std::nullopt);
  EXPECT_FALSE(this->Opens(this->SessionOf(of_user), of_user));

  const Method by_itself = this->Insert(KeyType::kPassword, "bob");
  this->SetStatus(by_itself, std::nullopt, AccountStatus::kPending);
  EXPECT_FALSE(this->Opens(this->SessionOf(by_itself), by_itself));
}

TYPED_TEST_P(SessionOpeningContract, OpenAloneEndsTheOtherSessionsOfTheMethodAndNoOthers) {
  const Method guest = this->Insert(KeyType::kGuestAccess, "");
  const Session before = this->AnOpened(guest);
  const Session others = this->AnOpened(this->Insert(KeyType::kGuestAccess, ""));
  const Session now = this->SessionOf(guest);

  const auto opened = *this->OpenAlone(now, guest);
  ASSERT_TRUE(opened.has_value());
  const Ended* ended = &opened->ended;
  ASSERT_EQ(ended->size(), 1u);
  EXPECT_EQ((*ended)[0].kind, token::RevocationKind::kSession);
  EXPECT_EQ((*ended)[0].company, before.company);
  EXPECT_EQ((*ended)[0].subject, before.id.value());
  EXPECT_EQ((*ended)[0].reason, token::RevocationReason::kSignedOut);
  EXPECT_GE((*ended)[0].issued_until, before.rotated_at);
  EXPECT_FALSE(this->IsThere(before));
  EXPECT_TRUE(this->IsThere(others));
  EXPECT_TRUE(this->IsThere(now));
}

TYPED_TEST_P(SessionOpeningContract, OpenAloneEndsNothingWhereItOpensNothing) {
  Method guest = this->Insert(KeyType::kGuestAccess, "");
  const Session before = this->AnOpened(guest);
  guest.sealed_secret = "as it was before";
  EXPECT_FALSE(this->OpenAlone(this->SessionOf(guest), guest)->has_value());
  EXPECT_TRUE(this->IsThere(before));
}

// P4: an access that is not shared.
TYPED_TEST_P(SessionOpeningContract, OfManyThatOpenAloneAtOnceOneIsLeft) {
  const Method guest = this->Insert(KeyType::kGuestAccess, "");
  std::vector<Session> opened;
  for (int i = 0; i < 8; ++i) opened.push_back(this->SessionOf(guest));
  std::vector<std::thread> threads;
  for (const Session& session : opened) {
    threads.emplace_back(
        [this, &guest, &session] { EXPECT_TRUE(this->OpenAlone(session, guest)->has_value()); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::count_if(opened.begin(), opened.end(),
                          [this](const Session& session) { return this->IsThere(session); }),
            1);
}

REGISTER_TYPED_TEST_SUITE_P(SessionOpeningContract, AnOpenedSessionIsFoundAsItWas,
                            TheStoreDatesASessionAndEveryLookAtIt, ASessionEndsWithItsMethod,
                            NothingIsOpenedWhenTheSecretHasChanged,
                            NothingIsOpenedWithAPermissionThatWasTaken,
                            NothingIsOpenedForWhatIsNotActive,
                            OpenAloneEndsTheOtherSessionsOfTheMethodAndNoOthers,
                            OpenAloneEndsNothingWhereItOpensNothing,
                            OfManyThatOpenAloneAtOnceOneIsLeft);

}  // namespace usher::auth
