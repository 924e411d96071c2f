// What every SessionStore must do with sessions that are open; session_opening_contract.h has how
// they are opened.
#pragma once

#include "tests/support/contracts/session_store_fixture.h"

namespace usher::auth {

template <class Fixture>
class SessionStoreContract : public SessionStoreFixture<Fixture> {};

TYPED_TEST_SUITE_P(SessionStoreContract);

// A revocation is older than what is opened, continued or signed after it, and younger than what
// was before.
TYPED_TEST_P(SessionStoreContract, ARevocationLiesBetweenWhatWasBeforeAndWhatComesAfter) {
  const Method method =
      this->Insert(KeyType::kPassword, "ada", {Permission::kUserList, Permission::kUserShow});
  const Session before = this->AnOpened(method);
  UserChange change;
  change.company = method.company;
  change.user = method.user;
  change.held = method.permissions;
  change.edit.emplace();
  change.edit->key = method.key();
  change.edit->permissions.take = {Permission::kUserShow};
  const auto ended = this->methods().ChangeUser(ACall(), change, Judging(change));
  ASSERT_OK(ended);
  ASSERT_FALSE(ended->empty());
  const absl::Time renewed = (*this->sessions().Find(ACall(), method.company, before.id))->now();
  const absl::Time signed_at =
      (*this->sessions().FindSigningTarget(ACall(), method.company, method.user))->read_at;
  Session after = this->SessionOf(method);
  after.granted = {Permission::kUserList};
  after = this->AnOpened(method, after);
  for (const token::Revocation& revocation : *ended) {
    EXPECT_GE(revocation.issued_until, before.rotated_at);
    EXPECT_LT(revocation.issued_until, renewed);
    EXPECT_LT(revocation.issued_until, signed_at);
    EXPECT_LT(revocation.issued_until, after.rotated_at);
  }
}

TYPED_TEST_P(SessionStoreContract, ASessionOfAnotherCompanyIsNotThere) {
  const Session session = this->AnOpened(this->Insert(KeyType::kPassword, "ada"));
  const CompanyId beta("beta");
  EXPECT_FALSE(this->sessions().Find(ACall("beta"), beta, session.id)->has_value());
  const auto never = [](const SessionStanding&) -> Rotation {
    ADD_FAILURE() << "asked about another company's session";
    return {};
  };
  EXPECT_FALSE(this->sessions().Rotate(ACall("beta"), beta, session.id, never)->has_value());
}

TYPED_TEST_P(SessionStoreContract, ASessionIsOverOnceItsMethodHasANewSecretOrIsGone) {
  const Method method = this->Insert(KeyType::kPassword, "ada");
  const auto change = [&](MethodEdit edit) {
    UserChange change;
    change.company = method.company;
    change.user = method.user;
    edit.key = method.key();
    change.edit = std::move(edit);
    ASSERT_OK(this->methods().ChangeUser(ACall(), change, Judging(change)));
  };
  const auto is_asked = [&](const Session& session) {
    bool asked = false;
    EXPECT_OK(
        this->sessions().Rotate(ACall(), session.company, session.id, [&](const SessionStanding&) {
          asked = true;
          return Rotation();
        }));
    return asked;
  };
  const Session first = this->AnOpened(method);
  change({.sealed_secret = "another"});
  EXPECT_FALSE(this->IsThere(first));
  EXPECT_FALSE(is_asked(first));

  Method changed = method;
  changed.sealed_secret = "another";
  const Session second = this->AnOpened(changed);
  EXPECT_TRUE(is_asked(second));
  change({.remove = true});
  EXPECT_FALSE(this->IsThere(second));
  // Nor is it one of the next method that has the name.
  this->Insert(KeyType::kPassword, "ada");
  EXPECT_FALSE(this->IsThere(second));
  EXPECT_FALSE(is_asked(second));
}

TYPED_TEST_P(SessionStoreContract, ARotationReplacesTheRefreshTokensAndNothingElse) {
  using Hashes = typename TestFixture::Hashes;
  const Session session = this->AnOpened(this->Insert(KeyType::kPassword, "ada"));
  const std::string odd("\0\xff odd", 6);
  // Many at a time, few, and none before.
  for (const auto& [good, ended] :
       std::vector<std::pair<Hashes, Hashes>>{{{"next"}, session.good_hashes},
                                              {{"one", odd, "three"}, {"next"}},
                                              {Hashes(kMostSuccessors, odd), {"one", odd, "three"}},
                                              {{odd}, Hashes(kMostSuccessors, odd)},
                                              {{"alone"}, {}}}) {
    const absl::Time later = session.rotated_at + absl::Minutes(5);
    const auto rule = [&, good = good, ended = ended](const SessionStanding& standing) -> Rotation {
      Rotation rotation{.kind = Rotation::Kind::kReplace, .replacement = standing.session};
      rotation.replacement.ended_hashes = ended;
      rotation.replacement.good_hashes = good;
      rotation.replacement.rotated_at = later;
      return rotation;
    };
    const auto gone = *this->sessions().Rotate(ACall(), session.company, session.id, rule);
    ASSERT_TRUE(gone.has_value());
    EXPECT_TRUE(gone->empty());

    const auto found = *this->sessions().Find(ACall(), session.company, session.id);
    EXPECT_EQ(found->session.good_hashes, good);
    EXPECT_EQ(found->session.ended_hashes, ended);
    EXPECT_EQ(found->session.rotated_at, later);
    EXPECT_EQ(found->session.expires_at, session.expires_at);
    EXPECT_EQ(found->session.granted, session.granted);
  }
}

TYPED_TEST_P(SessionStoreContract, ARotationLeavesOrEndsTheSessionAsTheRuleSays) {
  const Session session = this->AnOpened(this->Insert(KeyType::kPassword, "ada"));
  const auto leave = [](const SessionStanding&) { return Rotation(); };
  EXPECT_TRUE((*this->sessions().Rotate(ACall(), session.company, session.id, leave))->empty());
  EXPECT_TRUE(this->IsThere(session));

  const auto end = [](const SessionStanding&) -> Rotation { return {Rotation::Kind::kEnd, {}}; };
  const auto ended = *this->sessions().Rotate(ACall(), session.company, session.id, end);
  ASSERT_TRUE(ended.has_value());
  ASSERT_EQ(ended->size(), 1u);
  EXPECT_EQ((*ended)[0].subject, session.id.value());
  EXPECT_FALSE(this->IsThere(session));
  EXPECT_FALSE(this->sessions().Rotate(ACall(), session.company, session.id, end)->has_value());
}

TYPED_TEST_P(SessionStoreContract, OfManyRotationsAtOnceEachSeesWhatTheOneBeforeLeft) {
  const Method method = this->Insert(KeyType::kPassword, "ada");
  Session session = this->SessionOf(method);
  session.good_hashes = {"first"};
  ASSERT_TRUE(this->Opens(session, method));

  std::atomic<int> saw_first{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this, i, &session, &saw_first] {
      const auto rule = [&](const SessionStanding& standing) {
        if (standing.session.good_hashes.front() == "first") ++saw_first;
        return this->ReplaceFirst(standing, "by " + std::to_string(i));
      };
      EXPECT_OK(this->sessions().Rotate(ACall(), session.company, session.id, rule));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(saw_first, 1);
}

TYPED_TEST_P(SessionStoreContract, ASigningTargetTellsStatusWhatIsHeldAndTheGuestAccess) {
  const UserId nobody(NewUuid());
  EXPECT_FALSE(this->sessions().FindSigningTarget(ACall(), this->kCompany, nobody)->has_value());

  const Method user =
      this->Insert(KeyType::kPassword, "ada", {Permission::kUserAdmin, Permission::kRoomList});
  this->SetStatus(user, AccountStatus::kDeactivated, std::nullopt);
  const auto found = *this->sessions().FindSigningTarget(ACall(), this->kCompany, user.user);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->standing.status, AccountStatus::kDeactivated);
  EXPECT_TRUE(found->standing.company_active);
  EXPECT_EQ(found->standing.held, user.permissions);
  EXPECT_FALSE(found->guest_access.has_value());

  const Method guest = this->Insert(KeyType::kGuestAccess, "");
  const auto found_guest = *this->sessions().FindSigningTarget(ACall(), this->kCompany, guest.user);
  ASSERT_TRUE(found_guest.has_value() && found_guest->guest_access.has_value());
  EXPECT_EQ(found_guest->guest_access->email, "guest@example.org");
  EXPECT_EQ(found_guest->guest_access->sealed_secret, "");
}

TYPED_TEST_P(SessionStoreContract, OfTheSessionsOfAMethodTheOldestAreEnded) {
  const Method method = this->Insert(KeyType::kPassword, "ada");
  const Session others = this->AnOpened(this->Insert(KeyType::kPassword, "bob"));
  std::vector<Session> opened;
  for (int i = 0; i < 5; ++i) opened.push_back(this->AnOpened(method));
  const auto count = [&](size_t at_most) {
    return *this->sessions().Count(ACall(), method.company, method.key(), at_most);
  };
  EXPECT_EQ(count(100), 5u);
  EXPECT_EQ(count(4), 4u);
  for (const size_t kept : {size_t{5}, size_t{9}}) {
    EXPECT_THAT(*this->sessions().EndOldest(ACall(), method.company, method.key(), kept),
                ::testing::IsEmpty());
  }

  const Ended ended = *this->sessions().EndOldest(ACall(), method.company, method.key(), 3);
  std::vector<std::string> gone;
  for (const token::Revocation& revocation : ended) {
    EXPECT_EQ(revocation.kind, token::RevocationKind::kSession);
    EXPECT_EQ(revocation.company, method.company);
    EXPECT_EQ(revocation.reason, token::RevocationReason::kSignedOut);
    EXPECT_GE(revocation.issued_until, opened.back().rotated_at);
    gone.push_back(revocation.subject);
  }
  EXPECT_THAT(gone, ::testing::UnorderedElementsAre(opened[0].id.value(), opened[1].id.value()));
  for (size_t i = 0; i < opened.size(); ++i) EXPECT_EQ(this->IsThere(opened[i]), i >= 2) << i;
  EXPECT_TRUE(this->IsThere(others));
  EXPECT_EQ(count(100), 3u);
  EXPECT_EQ(*this->sessions().Count(ACall("beta"), CompanyId("beta"), method.key(), 100), 0u);
}

TYPED_TEST_P(SessionStoreContract, ASigningTargetTellsThatAllItsMethodsAreOff) {
  const Method method = this->Insert(KeyType::kPassword, "ada");
  const auto methods = [&] {
    return (*this->sessions().FindSigningTarget(ACall(), this->kCompany, method.user))
        ->standing.methods;
  };
  EXPECT_EQ(methods(), AccountStatus::kActivated);
  this->SetStatus(method, std::nullopt, AccountStatus::kPending);
  EXPECT_EQ(methods(), AccountStatus::kPending);
}

TYPED_TEST_P(SessionStoreContract, ForgetsWhatHasExpiredAndNothingElse) {
  const Method method = this->Insert(KeyType::kPassword, "ada");
  const Session expired = this->AnOpened(method, this->SessionOf(method), absl::ZeroDuration());
  const Session alive = this->AnOpened(method);
  ASSERT_OK(this->sessions().ForgetExpired(ACall(), expired.expires_at));
  EXPECT_FALSE(this->IsThere(expired));
  EXPECT_TRUE(this->IsThere(alive));
}

REGISTER_TYPED_TEST_SUITE_P(
    SessionStoreContract, ARevocationLiesBetweenWhatWasBeforeAndWhatComesAfter,
    ASessionOfAnotherCompanyIsNotThere, ASessionIsOverOnceItsMethodHasANewSecretOrIsGone,
    ARotationReplacesTheRefreshTokensAndNothingElse, ARotationLeavesOrEndsTheSessionAsTheRuleSays,
    OfManyRotationsAtOnceEachSeesWhatTheOneBeforeLeft,
    ASigningTargetTellsStatusWhatIsHeldAndTheGuestAccess, OfTheSessionsOfAMethodTheOldestAreEnded,
    ASigningTargetTellsThatAllItsMethodsAreOff, ForgetsWhatHasExpiredAndNothingElse);

}  // namespace usher::auth
