// What every UserStore must do. Instantiated with a fixture that has `UserStore& store()` and
// `SagaStore& sagas()`, which keep the same users.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "common/status/reply_error.h"
#include "services/user/saga_store.h"
#include "services/user/user_store.h"
#include "tests/support/a_caller.h"
#include "tests/support/status_matchers.h"

namespace usher::user {

inline const absl::Duration kLongLease = absl::Hours(1);

// A user of "acme" with everything that a user can have.
inline User FullUser(const std::string& email) {
  User user;
  user.id = UserId(NewUuid());
  user.email = email;
  user.profile = {"Ann", "Arbor", "Dr."};
  user.metadata = {{"colour", "red"}, {"size", "l"}};
  user.locale = {"de-AT", {"de", "en-GB"}};
  return user;
}

inline DecideUpdate Applying(const UserChange& change) {
  return [change](const User& locked) { return Changed(locked, change); };
}

template <class Fixture>
class UserStoreContract : public Fixture {
 protected:
  static UserKey KeyOf(const UserId& user, const std::string& company = "acme") {
    return {CompanyId(company), user};
  }
  // Begun, and not seen by anybody yet.
  UserKey Begin(const User& user, const std::string& company = "acme") {
    const UserKey key = KeyOf(user.id.empty() ? UserId(NewUuid()) : user.id, company);
    const auto begun = this->sagas().BeginCreation(ACall(company), key, user, kLongLease);
    EXPECT_OK(begun);
    if (begun.ok()) {
      EXPECT_EQ(begun->outcome, BegunCreation::Outcome::kBegun);
    }
    return key;
  }
  UserKey Make(const User& user, const std::string& company = "acme") {
    const UserKey key = Begin(user, company);
    EXPECT_OK(this->sagas().CompleteCreation(ACall(company), key));
    return key;
  }
  UserKey Make(const std::string& email, const std::string& company = "acme") {
    User user;
    user.email = email;
    return Make(user, company);
  }
  std::optional<User> Find(const UserKey& key) {
    const auto found = this->store().Find(ACall(key.company.value()), key);
    EXPECT_OK(found);
    return found.value_or(std::nullopt);
  }
  std::vector<UserId> ListIds(const std::string& company = "acme") {
    const auto ids = this->store().ListIds(ACall(company), CompanyId(company));
    EXPECT_OK(ids);
    return ids.value_or(std::vector<UserId>());
  }
  static std::vector<UserId> IdsOf(const std::vector<User>& users) {
    std::vector<UserId> ids;
    for (const User& user : users) ids.push_back(user.id);
    return ids;
  }
  static UserChange Email(const std::string& email) {
    UserChange change;
    change.email = email;
    return change;
  }
};

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

TYPED_TEST_P(UserStoreContract, AnAddressBelongsToOneUserHoweverItIsSpelt) {
  const UserKey ann = this->Make("Ann.Größe@x.org");
  const UserKey bob = this->Make("bob@x.org");
  for (const char* spelling : {"Ann.Größe@x.org", "ann.GRÖSSE@X.ORG",
                               "ann.gro\xcc\x88\xc3\x9f"
                               "e@x.org"}) {
    EXPECT_THAT(this->store().RequireEmailFree(ACall(), bob, spelling),
                HasReplyCode(::common::ACTION_INVALID))
        << spelling;
    EXPECT_THAT(this->store().Update(ACall(), bob, Applying(this->Email(spelling))),
                HasReplyCode(::common::ACTION_INVALID))
        << spelling;
  }
  EXPECT_EQ(this->Find(bob)->email, "bob@x.org");
  EXPECT_OK(this->store().RequireEmailFree(ACall(), ann, "ann.größe@x.org"));
  EXPECT_THAT(this->store().Update(ACall(), ann, Applying(this->Email("ann.größe@x.org"))),
              IsOkAndHolds(true));
  EXPECT_EQ(this->Find(ann)->email, "ann.größe@x.org");
}

TYPED_TEST_P(UserStoreContract, AnAddressMayBelongToAUserOfEachCompany) {
  const UserKey ann = this->Make("ann@x.org");
  const UserKey theirs = this->Make("ann@x.org", "globex");
  EXPECT_OK(this->store().RequireEmailFree(ACall("globex"), theirs, "ann@x.org"));
  EXPECT_EQ(this->Find(ann)->email, this->Find(theirs)->email);
}

TYPED_TEST_P(UserStoreContract, AnAddressThatWasGivenUpIsFree) {
  const UserKey ann = this->Make("ann@x.org");
  const UserKey bob = this->Make("bob@x.org");
  EXPECT_THAT(this->store().Update(ACall(), ann, Applying(this->Email("other@x.org"))),
              IsOkAndHolds(true));
  EXPECT_OK(this->store().RequireEmailFree(ACall(), bob, "ann@x.org"));
  EXPECT_THAT(this->store().Update(ACall(), bob, Applying(this->Email("ann@x.org"))),
              IsOkAndHolds(true));
}

TYPED_TEST_P(UserStoreContract, AnyNumberOfUsersHasNoAddress) {
  const UserKey ann = this->Make("");
  const UserKey bob = this->Make("");
  EXPECT_EQ(this->Find(ann)->email, "");
  EXPECT_OK(this->store().RequireEmailFree(ACall(), bob, ""));
  UserChange change;
  change.profile.title = "Dr.";
  EXPECT_THAT(this->store().Update(ACall(), bob, Applying(change)), IsOkAndHolds(true));
}

TYPED_TEST_P(UserStoreContract, WhoIsBeingMadeIsNotSeenButHoldsTheAddress) {
  const UserKey bob = this->Make("bob@x.org");
  User user;
  user.email = "ann@x.org";
  const UserKey ann = this->Begin(user);
  EXPECT_EQ(this->Find(ann), std::nullopt);
  EXPECT_THAT(this->ListIds(), ::testing::ElementsAre(bob.user));
  EXPECT_THAT(this->store().FindSome(ACall(), ann.company, {ann.user}, false),
              IsOkAndHolds(::testing::IsEmpty()));
  EXPECT_THAT(this->store().Update(ACall(), ann, Applying(this->Email("c@x.org"))),
              IsOkAndHolds(false));
  EXPECT_THAT(this->store().ReplaceProfile(ACall(), ann, {}), IsOkAndHolds(false));
  EXPECT_THAT(this->store().RequireEmailFree(ACall(), bob, "ANN@x.org"),
              IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_THAT(this->store().Update(ACall(), bob, Applying(this->Email("ANN@x.org"))),
              IsUndecided(absl::StatusCode::kUnavailable));
}

TYPED_TEST_P(UserStoreContract, WhoIsBeingRemovedIsNotSeenButHoldsTheAddress) {
  const UserKey bob = this->Make("bob@x.org");
  const UserKey ann = this->Make("ann@x.org");
  EXPECT_THAT(this->sagas().BeginRemoval(ACall(), ann, kLongLease),
              IsOkAndHolds(BegunRemoval::kBegun));
  EXPECT_EQ(this->Find(ann), std::nullopt);
  EXPECT_THAT(this->ListIds(), ::testing::ElementsAre(bob.user));
  EXPECT_THAT(this->store().List(ACall(), ann.company, false), IsOkAndHolds(::testing::SizeIs(1)));
  EXPECT_THAT(this->store().Update(ACall(), ann, Applying(this->Email("c@x.org"))),
              IsOkAndHolds(false));
  EXPECT_THAT(this->store().ReplaceProfile(ACall(), ann, {}), IsOkAndHolds(false));
  EXPECT_THAT(this->store().RequireEmailFree(ACall(), bob, "ann@x.org"),
              IsUndecided(absl::StatusCode::kUnavailable));
}

REGISTER_TYPED_TEST_SUITE_P(
    UserStoreContract, AUserIsFoundAsItWasMade, MetadataAreLeftOutUnlessAskedFor,
    ListsInTheOrderOfCreation, FindsEachOfThoseThatExistOnce, CompaniesKnowNothingOfEachOther,
    OneIdMayBeAUserOfSeveralCompanies, AnUpdateChangesWhatItNamesAndNothingElse,
    AnUpdateOfNobodySaysSo, AnUpdateIsDecidedByWhatIsThereAndARefusalChangesNothing,
    MetadataThatWouldGrowTooLargeAreRefusedAndNothingIsChanged, AReplacedProfileIsReplacedAsAWhole,
    AnAddressBelongsToOneUserHoweverItIsSpelt, AnAddressMayBelongToAUserOfEachCompany,
    AnAddressThatWasGivenUpIsFree, AnyNumberOfUsersHasNoAddress,
    WhoIsBeingMadeIsNotSeenButHoldsTheAddress, WhoIsBeingRemovedIsNotSeenButHoldsTheAddress);

}  // namespace usher::user
