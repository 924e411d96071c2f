// What stores are given to decide by, as the domain gives it to them.
#pragma once

#include "services/auth/method/user_change.h"

namespace usher::auth {

// `change`: a UserChange or a UserRemoval.
template <class Change>
DecideChange Judging(const Change& change) {
  return [change](const LockedUser& locked) { return Judge(locked, change); };
}

}  // namespace usher::auth
