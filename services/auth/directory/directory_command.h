// What an operator does with the directory of a company: usher-auth --check_directory COMPANY
// [USER].
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/server/options.h"
#include "services/auth/directory/directory_settings.h"

namespace usher::auth {

// The command line with a USER that stands behind --check_directory COMPANY made into a flag.
std::vector<std::string> WithNamedUser(int argc, char** argv);

// Whether --check_directory was given.
bool DirectoryCommandGiven();

// Prints, line by line, what works and what does not, until something does not; no secrets.
// kInvalidArgument for a wrong file or a company without directory; kUnavailable when a step
// failed.
absl::Status RunDirectoryCommand(const server::Options& options);

// The same for whoever has the settings. `password`: empty where nobody is to sign in.
absl::Status CheckDirectory(const DirectorySettings& settings, const std::string& username,
                            const Secret& password, std::ostream& out);

}  // namespace usher::auth
