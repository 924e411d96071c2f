// What every InvitationStore and LinkStore must do together, and what SessionStore::Move does with
// it. Instantiated with a fixture that has
//   MethodStore& methods();
//   KnownUserStore& users();
//   SessionStore& sessions();
//   InvitationStore& invitations();
//   LinkStore& links();
//   void Tick();  // the store's clock goes on
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "services/auth/company_switch/link_store.h"
#include "services/auth/invitation/invitation_errors.h"
#include "services/auth/invitation/invitation_store.h"
#include "services/auth/method/known_user_store.h"
#include "services/auth/method/method_store.h"
#include "services/auth/session/session_store.h"
#include "tests/support/a_caller.h"
#include "tests/support/judging.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {

template <class Fixture>
class JoiningContract : public Fixture {
 protected:
  JoiningContract() {
    for (const CompanyId& company : {kAcme, kBeta}) {
      EXPECT_THAT(this->users().InsertCompany(ACall(company.value()), company, {}),
                  IsOkAndHolds(true));
    }
    EXPECT_OK(this->methods().InsertUserWithMethod(ACall(), ann_));
    EXPECT_OK(this->methods().InsertUserWithMethod(ACall("beta"), invitation_));
    session_ = Opened(ann_);
  }

  static Method AMethod(const CompanyId& company, KeyType key_type, const std::string& principal,
                        const UserId& user = UserId(NewUuid())) {
    Method method;
    method.company = company;
    method.key_type = key_type;
    method.principal = method.principal_key = principal;
    method.user = user;
    method.sealed_secret = "sealed";
    return method;
  }
  static Method AnInvitation() {
    Method method = AMethod(kBeta, KeyType::kActivationToken, "token");
    method.invited = InvitedMethod{KeyType::kPassword, "bea"};
    return method;
  }
  SessionId Opened(const Method& method) {
    Session session;
    session.company = method.company;
    session.id = SessionId(NewUuid());
    session.user = method.user;
    session.method = method.key();
    session.principal = method.principal;
    session.good_hashes = {"hash"};
    const auto opened = this->sessions().Open(ACall(), session, method, absl::Hours(1));
    EXPECT_OK(opened);
    EXPECT_TRUE(opened.ok() && opened->has_value());
    return session.id;
  }
  Method Made(const UserId& user) const { return AMethod(kBeta, KeyType::kPassword, "bea", user); }
  absl::Status Join(bool both_ways) {
    const absl::Status joined = this->invitations().Accept(
        ACall(), {invitation_, Made(ann_.user), Joining{kAcme, session_, both_ways}});
    this->Tick();
    return joined;
  }
  // Where one may go on from a session of `method`.
  std::vector<CompanyId> OpenFrom(const Method& method) {
    const SessionId session = Opened(method);
    const auto open = this->links().ListOpen(ACall(), method.company, session, method.user, 1000);
    EXPECT_OK(open);
    const CompanyId& other = method.company == kAcme ? kBeta : kAcme;
    const auto found = this->links().FindOpen(ACall(), method.company, session, method.user, other);
    EXPECT_OK(found);
    if (!open.ok() || !found.ok()) return {};
    EXPECT_EQ(found->has_value(), !open->empty());
    return *open;
  }
  // Puts another secret into it; `shown`: the one before was.
  Method WithNewSecret(Method method, bool shown) {
    this->Tick();
    UserChange change;
    change.company = method.company;
    change.user = method.user;
    change.edit = MethodEdit{.key = method.key(), .sealed_secret = method.sealed_secret + "+"};
    if (shown) change.edit->shown = ShownSecret{method.key(), method.sealed_secret};
    EXPECT_OK(this->methods().ChangeUser(ACall(), change, Judging(change)));
    method.sealed_secret += "+";
    this->Tick();
    return method;
  }

  static inline const CompanyId kAcme{"acme"};
  static inline const CompanyId kBeta{"beta"};
  const Method ann_ = AMethod(kAcme, KeyType::kPassword, "ann");
  const Method invitation_ = AnInvitation();
  SessionId session_;
};

TYPED_TEST_SUITE_P(JoiningContract);

TYPED_TEST_P(JoiningContract, AnInvitationIsFoundWithWhatItMayCreate) {
  const auto found = this->invitations().Find(ACall(), this->kBeta, "token");
  ASSERT_OK(found);
  ASSERT_TRUE(found->has_value());
  const Method& method = (*found)->method;
  EXPECT_EQ(method.user, this->invitation_.user);
  EXPECT_EQ(method.sealed_secret, "sealed");
  ASSERT_TRUE(method.invited.has_value());
  EXPECT_EQ(method.invited->key_type, KeyType::kPassword);
  EXPECT_EQ(method.invited->principal, "bea");
  EXPECT_FALSE(this->invitations().Find(ACall(), this->kBeta, "Token")->has_value());
  EXPECT_FALSE(this->invitations().Find(ACall(), this->kAcme, "token")->has_value());
}

TYPED_TEST_P(JoiningContract, ItIsUsedOnce) {
  const Acceptance acceptance{this->invitation_, this->Made(this->invitation_.user), std::nullopt};
  ASSERT_OK(this->invitations().Accept(ACall(), acceptance));
  EXPECT_FALSE(this->invitations().Find(ACall(), this->kBeta, "token")->has_value());
  const auto made = this->methods().FindMethod(ACall(), this->kBeta, {KeyType::kPassword, "bea"});
  ASSERT_OK(made);
  ASSERT_TRUE(made->has_value());
  EXPECT_EQ((*made)->method.user, this->invitation_.user);
  EXPECT_EQ(this->invitations().Accept(ACall(), acceptance), InvitationUsed());
}

TYPED_TEST_P(JoiningContract, OneThatHasChangedSinceIsLeftAlone) {
  Acceptance acceptance{this->invitation_, this->Made(this->invitation_.user), std::nullopt};
  acceptance.invitation.sealed_secret = "another";
  EXPECT_EQ(this->invitations().Accept(ACall(), acceptance), InvitationUsed());
  UserChange off;
  off.company = this->kBeta;
  off.user = this->invitation_.user;
  off.edit = MethodEdit{.key = this->invitation_.key(), .status = AccountStatus::kDeactivated};
  ASSERT_OK(this->methods().ChangeUser(ACall(), off, Judging(off)));
  acceptance.invitation = this->invitation_;
  EXPECT_EQ(this->invitations().Accept(ACall(), acceptance), InvitationUsed());
}

TYPED_TEST_P(JoiningContract, ATakenNameChangesNothing) {
  ASSERT_OK(this->methods().InsertUserWithMethod(ACall("beta"), this->Made(UserId(NewUuid()))));
  EXPECT_THAT(this->Join(true), HasReplyCode(::common::ACTION_INVALID));
  EXPECT_TRUE(this->invitations().Find(ACall(), this->kBeta, "token")->has_value());
  EXPECT_THAT(this->OpenFrom(this->ann_), ::testing::IsEmpty());
  EXPECT_FALSE(
      this->users().FindUser(ACall(), this->kBeta, this->ann_.user, absl::Now())->has_value());
}

TYPED_TEST_P(JoiningContract, WhoJoinsGetsAWayThereAndWithTheSecretShownOneBack) {
  ASSERT_OK(this->Join(/*both_ways=*/true));
  EXPECT_THAT(this->OpenFrom(this->ann_), ::testing::ElementsAre(this->kBeta));
  EXPECT_THAT(this->OpenFrom(this->Made(this->ann_.user)), ::testing::ElementsAre(this->kAcme));
}

TYPED_TEST_P(JoiningContract, WithoutItThereIsNoWayBack) {
  ASSERT_OK(this->Join(/*both_ways=*/false));
  EXPECT_THAT(this->OpenFrom(this->ann_), ::testing::ElementsAre(this->kBeta));
  EXPECT_THAT(this->OpenFrom(this->Made(this->ann_.user)), ::testing::IsEmpty());
}

TYPED_TEST_P(JoiningContract, ASessionThatIsNotTheUsersOwnJoinsNothing) {
  Acceptance acceptance{this->invitation_, this->Made(UserId(NewUuid())),
                        Joining{this->kAcme, this->session_, true}};
  EXPECT_EQ(this->invitations().Accept(ACall(), acceptance), JoiningRefused());
  acceptance.made.user = this->ann_.user;
  acceptance.joining->session = SessionId(NewUuid());
  EXPECT_EQ(this->invitations().Accept(ACall(), acceptance), JoiningRefused());
  EXPECT_TRUE(this->invitations().Find(ACall(), this->kBeta, "token")->has_value());
}

// A1.
TYPED_TEST_P(JoiningContract, WhoeverPutsAnotherSecretThereGetsNowhere) {
  ASSERT_OK(this->Join(/*both_ways=*/true));
  const Method handed = this->WithNewSecret(this->Made(this->ann_.user), /*shown=*/false);
  EXPECT_THAT(this->OpenFrom(handed), ::testing::IsEmpty());
  EXPECT_THAT(this->OpenFrom(this->ann_), ::testing::IsEmpty());
}

TYPED_TEST_P(JoiningContract, WhoeverChangesTheirOwnIsNotGotIntoAndGetsOut) {
  ASSERT_OK(this->Join(/*both_ways=*/true));
  const Method changed = this->WithNewSecret(this->ann_, /*shown=*/true);
  EXPECT_THAT(this->OpenFrom(changed), ::testing::ElementsAre(this->kBeta));
  EXPECT_THAT(this->OpenFrom(this->Made(this->ann_.user)), ::testing::IsEmpty());
}

TYPED_TEST_P(JoiningContract, ASecretThatIsHashedAnewIsTheSame) {
  ASSERT_OK(this->Join(/*both_ways=*/true));
  Method rehashed = this->ann_;
  rehashed.sealed_secret = "sealed anew";
  ASSERT_OK(this->methods().ReplaceSecret(ACall(), this->kAcme, this->ann_.key(), "sealed",
                                          rehashed.sealed_secret));
  EXPECT_THAT(this->OpenFrom(rehashed), ::testing::ElementsAre(this->kBeta));
  EXPECT_THAT(this->OpenFrom(this->Made(this->ann_.user)), ::testing::ElementsAre(this->kAcme));
}

TYPED_TEST_P(JoiningContract, ASessionMovesOrStays) {
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
TYPED_TEST_P(JoiningContract, WhereASessionHasMovedToIsEndedFromWhereItWas) {
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

TYPED_TEST_P(JoiningContract, UsesAreKeptByMethodTheLatestCounts) {
  const auto made = this->methods().ListOfUser(ACall(), this->kAcme, this->ann_.user, absl::Now());
  ASSERT_OK(made);
  const absl::Time now = made->front().created_at + absl::Hours(1);
  const auto shown = [&] {
    const auto listed =
        this->methods().ListOfUser(ACall(), this->kAcme, this->ann_.user, absl::Now());
    EXPECT_OK(listed);
    for (const Method& method : *listed) {
      if (method.key_type == KeyType::kPassword && method.metadata.count("lastUse") > 0) {
        return method.metadata.at("lastUse");
      }
    }
    return std::string();
  };
  EXPECT_EQ(shown(), "");
  ASSERT_OK(this->sessions().NoteUses(
      ACall(), {{this->kAcme, this->ann_.key(), now}, {this->kBeta, this->ann_.key(), now}}));
  ASSERT_OK(this->sessions().NoteUses(ACall(),
                                      {{this->kAcme, this->ann_.key(), now - absl::Minutes(5)}}));
  EXPECT_EQ(shown(), absl::StrCat(absl::ToUnixSeconds(now)));
}

REGISTER_TYPED_TEST_SUITE_P(JoiningContract, AnInvitationIsFoundWithWhatItMayCreate, ItIsUsedOnce,
                            OneThatHasChangedSinceIsLeftAlone, ATakenNameChangesNothing,
                            WhoJoinsGetsAWayThereAndWithTheSecretShownOneBack,
                            WithoutItThereIsNoWayBack, ASessionThatIsNotTheUsersOwnJoinsNothing,
                            WhoeverPutsAnotherSecretThereGetsNowhere,
                            WhoeverChangesTheirOwnIsNotGotIntoAndGetsOut,
                            ASecretThatIsHashedAnewIsTheSame, ASessionMovesOrStays,
                            WhereASessionHasMovedToIsEndedFromWhereItWas,
                            UsesAreKeptByMethodTheLatestCounts);

}  // namespace usher::auth
