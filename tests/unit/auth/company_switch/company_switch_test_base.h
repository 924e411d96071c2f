// What the tests of switching between companies stand on: ann, who has joined "beta".
#pragma once

#include "tests/support/joined_test_base.h"

namespace usher::auth {

class CompanySwitchTestBase : public JoinedTestBase {
 protected:
  static constexpr PermissionSet kLists{Permission::kUserList, Permission::kRoomList};

  CompanySwitchTestBase() {
    Invited("one", {Permission::kRoomCreate, Permission::kUserList});
    const SignedIn session = SignedInAs("ann");
    EXPECT_OK(Join(session, "one"));
    clock_.Advance(absl::Minutes(1));
  }

  const UserId ann_ = MadeUser("ann", kLists);
};

}  // namespace usher::auth
