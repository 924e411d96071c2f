// The passwords that are tried first.
#pragma once

#include "common/base/secret.h"

namespace usher::auth {

// `folded` by FoldedForm (password_form.h). Passwords below the shortest allowed length are not on
// the list.
bool IsCommonPassword(const Secret& folded);

}  // namespace usher::auth
