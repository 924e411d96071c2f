#include "services/user/user.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/support/status_matchers.h"

namespace usher::user {
namespace user_test {

using ::testing::ElementsAre;
using ::testing::Pair;

User Ann() {
  User user;
  user.id = UserId("01900000-0000-7000-8000-000000000002");
  user.email = "ann@x.org";
  user.profile = {"Ann", "Arbor", "Dr."};
  user.metadata = {{"colour", "red"}};
  user.locale = {"de", {"de", "en-GB"}};
  return user;
}

TEST(User, AnEmptyChangeChangesNothing) {
  EXPECT_TRUE(UserChange().empty());
  EXPECT_THAT(Apply(Ann(), {}), IsOkAndHolds(Ann()));
}

TEST(User, AChangeIsNotEmptyWithAnyOneField) {
  EXPECT_FALSE((UserChange{.email = "a@x.org"}).empty());
  EXPECT_FALSE((UserChange{.profile = {"A", "", ""}}).empty());
  EXPECT_FALSE((UserChange{.profile = {"", "A", ""}}).empty());
  EXPECT_FALSE((UserChange{.profile = {"", "", "A"}}).empty());
  EXPECT_FALSE((UserChange{.metadata = {{"k", ""}}}).empty());
  EXPECT_FALSE((UserChange{.locale = {"de", {}}}).empty());
  EXPECT_FALSE((UserChange{.locale = {"", {"de"}}}).empty());
}

TEST(User, WhatIsGivenOverwritesAndWhatIsEmptyStays) {
  User expected = Ann();
  expected.email = "new@x.org";
  EXPECT_THAT(Apply(Ann(), {.email = "new@x.org"}), IsOkAndHolds(expected));
  expected = Ann();
  expected.profile.firstname = "Anna";
  EXPECT_THAT(Apply(Ann(), {.profile = {"Anna", "", ""}}), IsOkAndHolds(expected));
  expected = Ann();
  expected.profile.lastname = "Borg";
  EXPECT_THAT(Apply(Ann(), {.profile = {"", "Borg", ""}}), IsOkAndHolds(expected));
  expected = Ann();
  expected.profile.title = "Prof.";
  EXPECT_THAT(Apply(Ann(), {.profile = {"", "", "Prof."}}), IsOkAndHolds(expected));
}

TEST(User, OfTheLanguagesTheSpokenOnesAreReplacedAsAWhole) {
  User expected = Ann();
  expected.locale.ui_language = "fr";
  EXPECT_THAT(Apply(Ann(), {.locale = {"fr", {}}}), IsOkAndHolds(expected));
  expected = Ann();
  expected.locale.spoken = {"fr"};
  EXPECT_THAT(Apply(Ann(), {.locale = {"", {"fr"}}}), IsOkAndHolds(expected));
}

TEST(User, MetadataChangeEntryByEntry) {
  const auto changed = Apply(Ann(), {.metadata = {{"colour", "blue"}, {"size", "l"}}});
  ASSERT_OK(changed);
  EXPECT_THAT(changed->metadata, ElementsAre(Pair("colour", "blue"), Pair("size", "l")));
  const auto deleted = Apply(*changed, {.metadata = {{"colour", ""}, {"never there", ""}}});
  ASSERT_OK(deleted);
  EXPECT_THAT(deleted->metadata, ElementsAre(Pair("size", "l")));
}

TEST(User, MetadataKeepTheirLimitsAfterAChange) {
  User full = Ann();
  full.metadata.clear();
  for (int i = 0; i < 100; ++i) full.metadata[absl::StrCat(i)] = "x";
  EXPECT_THAT(Apply(full, {.metadata = {{"one more", "x"}}}),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_OK(Apply(full, {.metadata = {{"one more", "x"}, {"0", ""}}}));
  User large = Ann();
  large.metadata.clear();
  for (int i = 0; i < 15; ++i) large.metadata[absl::StrCat(i)] = std::string(4096, 'x');
  EXPECT_THAT(Apply(large, {.metadata = {{"last", std::string(4096, 'x')}}}),
              HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_OK(Apply(large, {.metadata = {{"last", std::string(4000, 'x')}}}));
}

TEST(User, ASummaryNamesThePartsAndNoValues) {
  EXPECT_EQ(Summary({}), "");
  EXPECT_EQ(Summary({.email = "ann@x.org"}), "email");
  EXPECT_EQ(Summary({.profile = {"", "Arbor", ""}}), "profile");
  EXPECT_EQ(Summary({.metadata = {{"k", ""}}}), "metadata");
  EXPECT_EQ(Summary({.locale = {"de", {}}}), "locale");
  EXPECT_EQ(Summary({.email = "ann@x.org",
                     .profile = {"Ann", "", ""},
                     .metadata = {{"k", "v"}},
                     .locale = {"", {"de"}}}),
            "email, profile, metadata, locale");
}

TEST(UserKey, SortsByCompanyAndThenByAge) {
  const UserKey a{CompanyId("acme"), UserId("2")};
  const UserKey b{CompanyId("globex"), UserId("1")};
  const UserKey c{CompanyId("globex"), UserId("2")};
  EXPECT_TRUE(a < b);
  EXPECT_TRUE(b < c);
  EXPECT_FALSE(b < a);
  EXPECT_FALSE(c < c);
}

}  // namespace user_test
}  // namespace usher::user
