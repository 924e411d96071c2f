// What every InvitationStore and LinkStore must do together.
#pragma once

#include "absl/strings/str_cat.h"
#include "tests/support/contracts/joining_fixture.h"

namespace usher::auth {

template <class Fixture>
class JoiningContract : public JoiningFixture<Fixture> {};

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
                            ASecretThatIsHashedAnewIsTheSame, UsesAreKeptByMethodTheLatestCounts);

}  // namespace usher::auth
