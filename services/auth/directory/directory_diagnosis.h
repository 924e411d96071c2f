// Whether a company's directory works, step by step, for an operator to read.
#pragma once

#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "common/base/secret.h"
#include "services/auth/directory/directory_settings.h"

namespace usher::auth {

// Prints, line by line, what works and what does not, until something does not; no secrets.
// `username`: empty where nobody is to be looked for; `password`: where nobody is to sign in.
// kUnavailable when a step failed.
absl::Status CheckDirectory(const DirectorySettings& settings, const std::string& username,
                            const Secret& password, std::ostream& out);

}  // namespace usher::auth
