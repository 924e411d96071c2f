// What tests of Methods::Update stand on: Ann, who has a password and a session.
#pragma once

#include "tests/support/a_caller.h"
#include "tests/support/method_test_base.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {

class MethodUpdateTest : public MethodTestBase {
 protected:
  static inline const auto kRefused = HasReplyCode(::common::INSUFFICIENT_PERMISSIONS);
  static inline const auto kInvalid = HasReplyCode(::common::ACTION_INVALID);
  static inline const auto kNotFound = HasReplyCode(::common::NOT_FOUND);

  static MethodWish With(MethodWish wish, AccountStatus status) {
    wish.status = status;
    return wish;
  }
  static ACaller UserAdmin() { return ACaller().With(Permission::kUserAdmin); }

  const UserId ann_ = MadeUser("ann");
  const SessionId session_ = Session(ann_, KeyType::kPassword, "ann");
};

}  // namespace usher::auth
