// What becomes of a session that goes on in another company, in every SessionStore.
#pragma once

#include <string>
#include <vector>

#include "tests/support/contracts/joining_fixture.h"

namespace usher::auth {

template <class Fixture>
class SessionMoveContract : public JoiningFixture<Fixture> {};

TYPED_TEST_SUITE_P(SessionMoveContract);

TYPED_TEST_P(SessionMoveContract, ASessionMovesOrStays) {
  ASSERT_OK(this->Join(/*both_ways=*/true));
  const Method made = this->Made(this->ann_.user);
  Session next;
  next.company = this->kBeta;
  next.id = SessionId(NewUuid());
  next.user = made.user;
  next.method = made.key();
  next.principal = made.principal;
  next.good_hashes = {"next"};
  next.origin = SessionOrigin{this->kAcme, this->ann_.key()};
  const auto move = [&](const Method& verified, bool may) {
    return this->sessions().Move(
        ACall(), this->kAcme, this->session_, [may](const SessionStanding&) { return may; }, next,
        verified, absl::Hours(1));
  };
  const auto is_there = [&](const CompanyId& company, const SessionId& session) {
    return this->sessions().Find(ACall(), company, session)->has_value();
  };
  Method other = made;
  other.sealed_secret = "another";
  EXPECT_FALSE(move(made, /*may=*/false)->has_value());
  EXPECT_FALSE(move(other, /*may=*/true)->has_value());
  EXPECT_TRUE(is_there(this->kAcme, this->session_));
  EXPECT_FALSE(is_there(this->kBeta, next.id));

  const auto opened = move(made, /*may=*/true);
  ASSERT_OK(opened);
  ASSERT_TRUE(opened->has_value());
  EXPECT_TRUE((*opened)->linked);
  ASSERT_EQ((*opened)->ended.size(), 1u);
  EXPECT_EQ((*opened)->ended[0].subject, this->session_.value());
  EXPECT_FALSE(is_there(this->kAcme, this->session_));
  const auto moved = this->sessions().Find(ACall(), this->kBeta, next.id);
  ASSERT_OK(moved);
  ASSERT_TRUE(moved->has_value());
  ASSERT_TRUE((*moved)->session.origin.has_value());
  EXPECT_EQ((*moved)->session.origin->company, this->kAcme);
  EXPECT_EQ((*moved)->session.origin->method, this->ann_.key());
  EXPECT_TRUE((*moved)->linked);
  EXPECT_FALSE(move(made, /*may=*/true)->has_value()) << "it is gone";

  // What ends the sessions of the method that it was begun with ends it.
  this->WithNewSecret(this->ann_, /*shown=*/true);
  EXPECT_FALSE(is_there(this->kBeta, next.id));
}

// Of the session in "acme", to and fro: whichever of them somebody has a copy of, the last one
// ends.
TYPED_TEST_P(SessionMoveContract, WhereASessionHasMovedToIsEndedFromWhereItWas) {
  ASSERT_OK(this->Join(/*both_ways=*/true));
  const Method made = this->Made(this->ann_.user);
  const auto is_there = [&](const Session& session) {
    return this->sessions().Find(ACall(), session.company, session.id)->has_value();
  };
  const auto opened = [&] {
    const SessionId id = this->Opened(this->ann_);
    return (*this->sessions().Find(ACall(), this->kAcme, id))->session;
  };
  const auto move = [&](const Session& from, const Method& to) {
    Session next;
    next.company = to.company;
    next.id = SessionId(NewUuid());
    next.user = to.user;
    next.method = to.key();
    next.principal = to.principal;
    next.good_hashes = {"next"};
    next.origin = SessionOrigin{this->kAcme, this->ann_.key()};
    next.first = from.first.value_or(SessionPlace{from.company, from.id});
    const auto moved = this->sessions().Move(
        ACall(), from.company, from.id, [](const SessionStanding&) { return true; }, next, to,
        absl::Hours(1));
    EXPECT_OK(moved);
    EXPECT_TRUE(moved.ok() && moved->has_value());
    return (*this->sessions().Find(ACall(), next.company, next.id))->session;
  };
  const auto anybody = [](const MovedSession&) { return true; };
  const auto end = [&](const Session& session, const MovedRule& belongs) {
    const auto ended = this->sessions().EndMoved(ACall(), session.company, session.id, belongs);
    EXPECT_OK(ended);
    std::vector<std::string> subjects;
    if (!ended.ok()) return subjects;
    for (const token::Revocation& one : *ended) subjects.push_back(one.subject);
    return subjects;
  };
  for (size_t copied = 0; copied < 3; ++copied) {
    SCOPED_TRACE(copied);
    std::vector<Session> all = {opened()};
    for (const Method& to : {made, this->ann_, made}) all.push_back(move(all.back(), to));
    EXPECT_THAT(end(all[copied], [](const MovedSession&) { return false; }), ::testing::IsEmpty());
    MovedSession seen;
    EXPECT_THAT(end(all[3], anybody), ::testing::IsEmpty()) << "it has not moved";
    EXPECT_TRUE(is_there(all[3]));
    EXPECT_THAT(end(all[copied],
                    [&](const MovedSession& moved) {
                      seen = moved;
                      return true;
                    }),
                ::testing::ElementsAre(all[3].id.value()));
    EXPECT_EQ(seen.user, this->ann_.user);
    EXPECT_EQ(seen.method, all[copied].method);
    EXPECT_FALSE(is_there(all[3]));
    EXPECT_THAT(end(all[copied], anybody), ::testing::IsEmpty()) << "it is over";
  }
  // The company counts.
  Session before = opened();
  const Session after = move(before, made);
  before.company = this->kBeta;
  EXPECT_THAT(end(before, anybody), ::testing::IsEmpty());
  EXPECT_TRUE(is_there(after));
}

REGISTER_TYPED_TEST_SUITE_P(SessionMoveContract, ASessionMovesOrStays,
                            WhereASessionHasMovedToIsEndedFromWhereItWas);

}  // namespace usher::auth
