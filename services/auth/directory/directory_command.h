// What an operator does with the directory of a company: usher-auth --check_directory COMPANY
// [USER].
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/server/options.h"

namespace usher::auth {

// The command line with a USER that stands behind --check_directory COMPANY made into a flag.
std::vector<std::string> WithNamedUser(int argc, char** argv);

// Whether --check_directory was given.
bool DirectoryCommandGiven();

// Prints, line by line, what works and what does not, until something does not; no secrets.
// kInvalidArgument for a wrong file or a company without directory; kUnavailable when a step
// failed.
absl::Status RunDirectoryCommand(const server::Options& options);

}  // namespace usher::auth
