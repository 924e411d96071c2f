// The keys outside the database that stored secrets are sealed with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/secret.h"

namespace usher::auth {

// One or more keys of 32 bytes. The last one seals, all of them open: a new one is taken into use
// by appending it. Key n (from 1) has the ID n.
struct Pepper {
  std::vector<Secret> keys;
};

// Reads a file with one key of 64 hex digits a line. kInvalidArgument when it is something else,
// kPermissionDenied when others than its owner may read it, kNotFound.
absl::StatusOr<Pepper> LoadPepper(const std::string& path);

// Writes a file with one new key (mode 0600). kAlreadyExists when there is one.
absl::Status CreatePepperFile(const std::string& path);

}  // namespace usher::auth
