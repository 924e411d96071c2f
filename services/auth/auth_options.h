// The flags that only the auth service has.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "services/auth/key/key_folder.h"
#include "services/auth/secret/pepper.h"
#include "services/auth/secret/secret_vault.h"
#include "services/auth/session/session.h"
#include "services/auth/session/session_opening.h"
#include "services/auth/throttle/guess.h"

namespace usher::auth {

struct AuthOptions {
  std::string signing_keys;  // folder
  std::string pepper;        // file
  Lifetimes lifetimes;
  SessionBounds session_bounds;
  SecretVaultOptions vault;
  GuessLimits guesses;
  std::string common_passwords;      // file; empty: what is built in
  std::string bootstrap_company_id;  // empty: the operator's
  std::string bootstrap_username;
  std::string bootstrap_client_id;
};

// kInvalidArgument with one line for a person.
absl::StatusOr<AuthOptions> ReadAuthOptions();

// The files that they name. kInvalidArgument likewise.
absl::StatusOr<KeyFolder> OpenKeyFolder(const AuthOptions& options);
absl::StatusOr<Pepper> LoadPepper(const AuthOptions& options);
// Adds to the list of this process (common_passwords.h).
absl::Status LoadCommonPasswords(const AuthOptions& options);

}  // namespace usher::auth
