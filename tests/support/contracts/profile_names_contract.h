// What every ProfileNames must answer. Instantiated with a fixture that has `ProfileNames& names()`
// and `UserId Make(firstname, lastname)`, a user of the company "acme" with such a profile.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "services/room/engine/profile_names.h"
#include "tests/support/a_caller.h"
#include "tests/support/status_matchers.h"

namespace usher::room {

template <class Fixture>
class ProfileNamesContract : public Fixture {
 protected:
  absl::StatusOr<std::string> NameOf(const UserId& user, const std::string& company = "acme") {
    return this->names().NameOf(ACall(company), CompanyId(company), user);
  }
};

TYPED_TEST_SUITE_P(ProfileNamesContract);

TYPED_TEST_P(ProfileNamesContract, AUserIsCalledByFirstAndLastName) {
  EXPECT_THAT(this->NameOf(this->Make("Ann", "M\u00fcller")), IsOkAndHolds("Ann M\u00fcller"));
  EXPECT_THAT(this->NameOf(this->Make("Ann", "")), IsOkAndHolds("Ann"));
  EXPECT_THAT(this->NameOf(this->Make("", "M\u00fcller")), IsOkAndHolds("M\u00fcller"));
  EXPECT_THAT(this->NameOf(this->Make("", "")), IsOkAndHolds(""));
}

TYPED_TEST_P(ProfileNamesContract, WhoHasNoProfileHasNoName) {
  EXPECT_THAT(this->NameOf(UserId(NewUuid())), IsOkAndHolds(""));
  EXPECT_THAT(this->NameOf(this->Make("Ann", ""), "globex"), IsOkAndHolds(""));
}

REGISTER_TYPED_TEST_SUITE_P(ProfileNamesContract, AUserIsCalledByFirstAndLastName,
                            WhoHasNoProfileHasNoName);

}  // namespace usher::room
