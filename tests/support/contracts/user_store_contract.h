// What every UserStore must do.
#pragma once

#include <optional>
#include <vector>

#include "common/status/reply_error.h"
#include "tests/support/contracts/user_store_fixture.h"

namespace usher::user {

template <class Fixture>
class UserStoreContract : public UserStoreFixture<Fixture> {};

TYPED_TEST_SUITE_P(UserStoreContract);

TYPED_TEST_P(UserStoreContract, AUserIsFoundAsItWasMade) {
  const User ann = FullUser("Ann@Example.org");
  const UserKey key = this->Make(ann);
  EXPECT_EQ(this->Find(key), ann);
  EXPECT_THAT(this->store().List(ACall(), key.company, true),
              IsOkAndHolds(::testing::ElementsAre(ann)));
  EXPECT_THAT(this->store().FindSome(ACall(), key.company, {key.user}, true),
              IsOkAndHolds(::testing::ElementsAre(ann)));
}

TYPED_TEST_P(UserStoreContract, MetadataAreLeftOutUnlessAskedFor) {
  User ann = FullUser("ann@example.org");
  const UserKey key = this->Make(ann);
  ann.metadata.clear();
  EXPECT_THAT(this->store().List(ACall(), key.company, false),
              IsOkAndHolds(::testing::ElementsAre(ann)));
  EXPECT_THAT(this->store().FindSome(ACall(), key.company, {key.user}, false),
              IsOkAndHolds(::testing::ElementsAre(ann)));
}

TYPED_TEST_P(UserStoreContract, ListsInTheOrderOfCreation) {
  std::vector<UserId> ids;
  for (const char* email : {"c@x.org", "a@x.org", "b@x.org"}) {
    ids.push_back(this->Make(email).user);
  }
  EXPECT_EQ(this->ListIds(), ids);
  const auto listed = this->store().List(ACall(), CompanyId("acme"), false);
  ASSERT_OK(listed);
  EXPECT_EQ(this->IdsOf(*listed), ids);
  const auto found = this->store().FindSome(ACall(), CompanyId("acme"), {ids[2], ids[0]}, false);
  ASSERT_OK(found);
  EXPECT_THAT(this->IdsOf(*found), ::testing::ElementsAre(ids[0], ids[2]));
}

TYPED_TEST_P(UserStoreContract, FindsEachOfThoseThatExistOnce) {
  const UserKey ann = this->Make("ann@x.org");
  this->Make("bob@x.org");
  const auto found =
      this->store().FindSome(ACall(), ann.company, {ann.user, UserId(NewUuid()), ann.user}, false);
  ASSERT_OK(found);
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ((*found)[0].id, ann.user);
  EXPECT_THAT(this->store().FindSome(ACall(), ann.company, {}, false),
              IsOkAndHolds(::testing::IsEmpty()));
}

TYPED_TEST_P(UserStoreContract, CompaniesKnowNothingOfEachOther) {
  const UserKey theirs = this->Make("ann@x.org", "globex");
  const UserKey key = this->KeyOf(theirs.user);
  EXPECT_EQ(this->Find(key), std::nullopt);
  EXPECT_THAT(this->ListIds(), ::testing::IsEmpty());
  EXPECT_THAT(this->store().List(ACall(), key.company, true), IsOkAndHolds(::testing::IsEmpty()));
  EXPECT_THAT(this->store().FindSome(ACall(), key.company, {key.user}, true),
              IsOkAndHolds(::testing::IsEmpty()));
  EXPECT_THAT(this->store().Update(ACall(), key, Applying(this->Email("b@x.org"))),
              IsOkAndHolds(false));
  EXPECT_THAT(this->store().ReplaceProfile(ACall(), key, {"B", "", ""}), IsOkAndHolds(false));
  EXPECT_EQ(this->Find(theirs)->email, "ann@x.org");
  EXPECT_EQ(this->Find(theirs)->profile, Profile());
}

TYPED_TEST_P(UserStoreContract, OneIdMayBeAUserOfSeveralCompanies) {
  User ann = FullUser("ann@x.org");
  const UserKey here = this->Make(ann);
  ann.profile.firstname = "Anna";
  const UserKey there = this->Make(ann, "globex");
  EXPECT_EQ(here.user, there.user);
  EXPECT_EQ(this->Find(here)->profile.firstname, "Ann");
  EXPECT_EQ(this->Find(there)->profile.firstname, "Anna");
}

TYPED_TEST_P(UserStoreContract, AnUpdateChangesWhatItNamesAndNothingElse) {
  User ann = FullUser("ann@x.org");
  const UserKey key = this->Make(ann);
  const UserKey bob = this->Make(FullUser("bob@x.org"));
  const std::optional<User> bob_before = this->Find(bob);
  UserChange change;
  change.profile.lastname = "Borg";
  change.metadata = {{"colour", ""}, {"shape", "round"}};
  EXPECT_THAT(this->store().Update(ACall(), key, Applying(change)), IsOkAndHolds(true));
  ann.profile.lastname = "Borg";
  ann.metadata = {{"shape", "round"}, {"size", "l"}};
  EXPECT_EQ(this->Find(key), ann);
  EXPECT_THAT(this->store().Update(ACall(), key, Applying(this->Email("ann@y.org"))),
              IsOkAndHolds(true));
  ann.email = "ann@y.org";
  EXPECT_EQ(this->Find(key), ann);
  change = {.locale = {"fr", {"fr"}}};
  EXPECT_THAT(this->store().Update(ACall(), key, Applying(change)), IsOkAndHolds(true));
  ann.locale = {"fr", {"fr"}};
  EXPECT_EQ(this->Find(key), ann);
  EXPECT_EQ(this->Find(bob), bob_before);
}

TYPED_TEST_P(UserStoreContract, AnUpdateOfNobodySaysSo) {
  EXPECT_THAT(this->store().Update(ACall(), this->KeyOf(UserId(NewUuid())),
                                   Applying(this->Email("a@x.org"))),
              IsOkAndHolds(false));
  EXPECT_THAT(this->store().ReplaceProfile(ACall(), this->KeyOf(UserId(NewUuid())), {}),
              IsOkAndHolds(false));
}

TYPED_TEST_P(UserStoreContract, AnUpdateIsDecidedByWhatIsThereAndARefusalChangesNothing) {
  const User ann = FullUser("ann@x.org");
  const UserKey key = this->Make(ann);
  const auto refuse = [&](const User& locked) -> absl::StatusOr<UserWrite> {
    EXPECT_EQ(locked, ann);
    return PermissionMissing("whatever the rule is");
  };
  EXPECT_THAT(this->store().Update(ACall(), key, refuse),
              HasReplyCode(::common::INSUFFICIENT_PERMISSIONS));
  EXPECT_EQ(this->Find(key), ann);
}

TYPED_TEST_P(UserStoreContract, MetadataThatWouldGrowTooLargeAreRefusedAndNothingIsChanged) {
  const UserKey key = this->Make("ann@x.org");
  UserChange change;
  for (int i = 0; i < 100; ++i) change.metadata[std::to_string(i)] = "x";
  EXPECT_THAT(this->store().Update(ACall(), key, Applying(change)), IsOkAndHolds(true));
  change.metadata = {{"one more", "x"}};
  change.email = "new@x.org";
  EXPECT_THAT(this->store().Update(ACall(), key, Applying(change)),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_EQ(this->Find(key)->metadata.size(), 100u);
  EXPECT_EQ(this->Find(key)->email, "ann@x.org");
}

TYPED_TEST_P(UserStoreContract, AReplacedProfileIsReplacedAsAWhole) {
  User ann = FullUser("ann@x.org");
  const UserKey key = this->Make(ann);
  EXPECT_THAT(this->store().ReplaceProfile(ACall(), key, {"Anna", "", ""}), IsOkAndHolds(true));
  ann.profile = {"Anna", "", ""};
  EXPECT_EQ(this->Find(key), ann);
  EXPECT_THAT(this->store().ReplaceProfile(ACall(), key, {}), IsOkAndHolds(true));
  EXPECT_EQ(this->Find(key)->profile, Profile());
}

REGISTER_TYPED_TEST_SUITE_P(UserStoreContract, AUserIsFoundAsItWasMade,
                            MetadataAreLeftOutUnlessAskedFor, ListsInTheOrderOfCreation,
                            FindsEachOfThoseThatExistOnce, CompaniesKnowNothingOfEachOther,
                            OneIdMayBeAUserOfSeveralCompanies,
                            AnUpdateChangesWhatItNamesAndNothingElse, AnUpdateOfNobodySaysSo,
                            AnUpdateIsDecidedByWhatIsThereAndARefusalChangesNothing,
                            MetadataThatWouldGrowTooLargeAreRefusedAndNothingIsChanged,
                            AReplacedProfileIsReplacedAsAWhole);

}  // namespace usher::user
