// The flags about directories.
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"

namespace usher::auth {

struct DirectoryOptions {
  std::string file;  // empty: there are none
  size_t threads = 32;
};

// kInvalidArgument with one line for a person.
absl::StatusOr<DirectoryOptions> ReadDirectoryOptions();

}  // namespace usher::auth
