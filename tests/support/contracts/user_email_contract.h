// Whose an e-mail address is, in every UserStore.
#pragma once

#include "common/status/reply_error.h"
#include "tests/support/contracts/user_store_fixture.h"

namespace usher::user {

template <class Fixture>
class UserEmailContract : public UserStoreFixture<Fixture> {};

TYPED_TEST_SUITE_P(UserEmailContract);

TYPED_TEST_P(UserEmailContract, AnAddressBelongsToOneUserHoweverItIsSpelt) {
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

TYPED_TEST_P(UserEmailContract, AnAddressMayBelongToAUserOfEachCompany) {
  const UserKey ann = this->Make("ann@x.org");
  const UserKey theirs = this->Make("ann@x.org", "globex");
  EXPECT_OK(this->store().RequireEmailFree(ACall("globex"), theirs, "ann@x.org"));
  EXPECT_EQ(this->Find(ann)->email, this->Find(theirs)->email);
}

TYPED_TEST_P(UserEmailContract, AnAddressThatWasGivenUpIsFree) {
  const UserKey ann = this->Make("ann@x.org");
  const UserKey bob = this->Make("bob@x.org");
  EXPECT_THAT(this->store().Update(ACall(), ann, Applying(this->Email("other@x.org"))),
              IsOkAndHolds(true));
  EXPECT_OK(this->store().RequireEmailFree(ACall(), bob, "ann@x.org"));
  EXPECT_THAT(this->store().Update(ACall(), bob, Applying(this->Email("ann@x.org"))),
              IsOkAndHolds(true));
}

TYPED_TEST_P(UserEmailContract, AnyNumberOfUsersHasNoAddress) {
  const UserKey ann = this->Make("");
  const UserKey bob = this->Make("");
  EXPECT_EQ(this->Find(ann)->email, "");
  EXPECT_OK(this->store().RequireEmailFree(ACall(), bob, ""));
  UserChange change;
  change.profile.title = "Dr.";
  EXPECT_THAT(this->store().Update(ACall(), bob, Applying(change)), IsOkAndHolds(true));
}

TYPED_TEST_P(UserEmailContract, WhoIsBeingMadeIsNotSeenButHoldsTheAddress) {
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

TYPED_TEST_P(UserEmailContract, WhoIsBeingRemovedIsNotSeenButHoldsTheAddress) {
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

REGISTER_TYPED_TEST_SUITE_P(UserEmailContract, AnAddressBelongsToOneUserHoweverItIsSpelt,
                            AnAddressMayBelongToAUserOfEachCompany, AnAddressThatWasGivenUpIsFree,
                            AnyNumberOfUsersHasNoAddress, WhoIsBeingMadeIsNotSeenButHoldsTheAddress,
                            WhoIsBeingRemovedIsNotSeenButHoldsTheAddress);

}  // namespace usher::user
