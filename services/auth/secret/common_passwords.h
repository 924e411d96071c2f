// The passwords that are tried first: more than ten thousand that are built in, as words and what
// people put behind them, and those of a file.
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "common/base/secret.h"

namespace usher::auth {

// `folded` by FoldedForm (password_form.h). Passwords below the shortest allowed length are not on
// the list.
bool IsCommonPassword(const Secret& folded);

// A file with one password a line, in any case: those of 8 bytes and more are added for this
// process. Before the first thread is started. kNotFound, kInvalidArgument beyond 64 MiB.
absl::Status AddCommonPasswords(const std::string& path);

size_t CountCommonPasswords();

}  // namespace usher::auth
