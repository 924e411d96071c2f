#include "services/auth/auth_options.h"

#include <sodium.h>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/server/bootstrap_options.h"
#include "services/auth/secret/common_passwords.h"

ABSL_FLAG(
    std::string, signing_keys, "",
    "Folder of the signing keys (*.key, and *.retired; docs/token.md). Only auth may read it.");
ABSL_FLAG(std::string, pepper, "",
          "File with the keys that stored secrets are sealed with: 64 hex digits a line, the last "
          "one seals. Without it no stored secret can be checked.");
ABSL_FLAG(absl::Duration, access_lifetime, absl::Hours(1), "How long an access token is good.");
ABSL_FLAG(absl::Duration, refresh_lifetime, absl::Hours(24 * 30),
          "How long a session can be continued after the sign-in.");
ABSL_FLAG(absl::Duration, activation_lifetime, absl::Seconds(60),
          "How long the token that an invitation gives is good; 60s at most.");
ABSL_FLAG(uint32_t, most_sessions, 1000,
          "Live sessions of one authentication method; beyond, the oldest ends.");
ABSL_FLAG(uint32_t, most_shared_sessions, 10000,
          "Live sessions of one shareable guest access; beyond, nobody is admitted.");
ABSL_FLAG(uint32_t, hash_threads, 0, "Threads that hash passwords. 0: as many as there are cores.");
ABSL_FLAG(uint64_t, hash_memory, uint64_t{19} * 1024 * 1024,
          "Memory of one argon2id run, in bytes.");
ABSL_FLAG(uint32_t, hash_passes, 2, "Passes of argon2id.");
ABSL_FLAG(uint64_t, hash_memory_before, 0,
          "--hash_memory of before it or --hash_passes was lowered: refusals take as long as then, "
          "so that accounts with older hashes cannot be told. 0: the present one.");
ABSL_FLAG(uint32_t, hash_passes_before, 0, "The same of --hash_passes. 0: the present one.");
ABSL_FLAG(uint32_t, hash_queue, 256,
          "Calls that may wait for a hash, where so many can be done in a second.");
ABSL_FLAG(std::string, common_passwords, "",
          "File with passwords that nobody may choose, one a line, beside those that are built in: "
          "/usr/share/dict/cracklib-small, for example.");
ABSL_FLAG(uint32_t, throttle_free_guesses, 5,
          "Wrong secrets in a row for one account from one source before each further one has to "
          "wait. 0: any number.");
ABSL_FLAG(absl::Duration, throttle_longest_delay, absl::Minutes(15), "How long it waits at most.");
ABSL_FLAG(uint32_t, throttle_account_guesses, 50,
          "Guesses an hour for one account from all sources that are not familiar with it. 0: any "
          "number.");
ABSL_FLAG(uint32_t, throttle_source_guesses, 300,
          "Guesses an hour from one source, whatever account they are for. 0: any number.");
ABSL_FLAG(uint32_t, throttle_source_at_once, 20, "How many of those may come at once.");
ABSL_FLAG(uint32_t, throttle_source_resets, 30,
          "Password resets asked for from one source, at once and an hour. 0: any number.");
ABSL_FLAG(absl::Duration, throttle_familiar_for, absl::Hours(24 * 90),
          "How long a source from which somebody signed in is familiar with the account.");
ABSL_FLAG(uint64_t, throttle_most_rows, 1'000'000,
          "Counts of guesses that are kept in the database.");
ABSL_FLAG(std::string, bootstrap_username, "admin",
          "With --bootstrap: user name of the company's administrator.");
ABSL_FLAG(std::string, bootstrap_client_id, "operator-api",
          "With --bootstrap: client ID of the company's API key.");

namespace usher::auth {
namespace {

constexpr absl::Duration kShortestLifetime = absl::Seconds(1);
// A revocation is remembered for 48 hours (local_auth_source.h): no token may outlive it.
constexpr absl::Duration kLongestAccess = absl::Hours(24);
constexpr absl::Duration kLongestActivation = absl::Seconds(60);  // docs/contract.md

// PostgreSQL reckons with them.
constexpr absl::Duration kLongestFamiliarity = absl::Hours(10 * 365 * 24);

absl::Status CheckGuesses(const GuessLimits& guesses) {
  if (guesses.longest_delay < absl::Seconds(1) || guesses.longest_delay > absl::Hours(24)) {
    return absl::InvalidArgumentError("--throttle_longest_delay must be between 1s and 24h");
  }
  if (guesses.familiar_for < absl::ZeroDuration() || guesses.familiar_for > kLongestFamiliarity) {
    return absl::InvalidArgumentError("--throttle_familiar_for must be between 0s and 87600h");
  }
  if (guesses.source_at_once == 0 || guesses.most_rows == 0) {
    return absl::InvalidArgumentError(
        "--throttle_source_at_once and --throttle_most_rows must be 1 or more");
  }
  return absl::OkStatus();
}

GuessLimits ReadGuessLimits() {
  return {.free_guesses = absl::GetFlag(FLAGS_throttle_free_guesses),
          .longest_delay = absl::GetFlag(FLAGS_throttle_longest_delay),
          .account_guesses = absl::GetFlag(FLAGS_throttle_account_guesses),
          .source_at_once = absl::GetFlag(FLAGS_throttle_source_at_once),
          .source_guesses = absl::GetFlag(FLAGS_throttle_source_guesses),
          .source_resets = absl::GetFlag(FLAGS_throttle_source_resets),
          .familiar_for = absl::GetFlag(FLAGS_throttle_familiar_for),
          .most_rows = absl::GetFlag(FLAGS_throttle_most_rows)};
}

// What is not said of before is as it is now.
Argon2Run BeforeOf(const SecretVaultOptions& now) {
  const uint64_t memory = absl::GetFlag(FLAGS_hash_memory_before);
  const uint32_t passes = absl::GetFlag(FLAGS_hash_passes_before);
  return {memory == 0 ? now.memory : memory, passes == 0 ? now.passes : passes};
}

absl::Status Check(const AuthOptions& options) {
  if (options.signing_keys.empty() || options.pepper.empty()) {
    return absl::InvalidArgumentError(
        "set --signing_keys (a folder) and --pepper (a file); --bootstrap makes both");
  }
  if (options.lifetimes.access < kShortestLifetime || options.lifetimes.access > kLongestAccess) {
    return absl::InvalidArgumentError("--access_lifetime must be between 1s and 24h");
  }
  if (options.lifetimes.refresh < options.lifetimes.access ||
      options.lifetimes.refresh == absl::InfiniteDuration()) {
    return absl::InvalidArgumentError("--refresh_lifetime must be at least --access_lifetime");
  }
  if (options.lifetimes.activation < kShortestLifetime ||
      options.lifetimes.activation > kLongestActivation) {
    return absl::InvalidArgumentError("--activation_lifetime must be between 1s and 60s");
  }
  if (options.session_bounds.most == 0 || options.session_bounds.most_shared == 0) {
    return absl::InvalidArgumentError(
        "--most_sessions and --most_shared_sessions must be 1 or more");
  }
  if (options.vault.memory < crypto_pwhash_argon2id_MEMLIMIT_MIN ||
      options.vault.passes < crypto_pwhash_argon2id_OPSLIMIT_MIN || options.vault.queue == 0) {
    return absl::InvalidArgumentError(
        "--hash_memory must be 8192 or more, --hash_passes and --hash_queue 1 or more");
  }
  if (options.vault.before.memory < crypto_pwhash_argon2id_MEMLIMIT_MIN) {
    return absl::InvalidArgumentError("--hash_memory_before must be 0, or 8192 or more");
  }
  return CheckGuesses(options.guesses);
}

// Whatever is wrong with a file that a flag names is wrong configuration.
absl::Status WrongFile(absl::string_view flag, const absl::Status& status) {
  return absl::InvalidArgumentError(absl::StrCat("--", flag, ": ", status.message()));
}

}  // namespace

absl::StatusOr<AuthOptions> ReadAuthOptions() {
  AuthOptions options;
  options.signing_keys = absl::GetFlag(FLAGS_signing_keys);
  options.pepper = absl::GetFlag(FLAGS_pepper);
  options.lifetimes.access = absl::GetFlag(FLAGS_access_lifetime);
  options.lifetimes.refresh = absl::GetFlag(FLAGS_refresh_lifetime);
  options.lifetimes.activation = absl::GetFlag(FLAGS_activation_lifetime);
  options.session_bounds.most = absl::GetFlag(FLAGS_most_sessions);
  options.session_bounds.most_shared = absl::GetFlag(FLAGS_most_shared_sessions);
  options.vault.memory = absl::GetFlag(FLAGS_hash_memory);
  options.vault.passes = absl::GetFlag(FLAGS_hash_passes);
  options.vault.before = BeforeOf(options.vault);
  options.vault.threads = absl::GetFlag(FLAGS_hash_threads);
  options.vault.queue = absl::GetFlag(FLAGS_hash_queue);
  options.guesses = ReadGuessLimits();
  options.common_passwords = absl::GetFlag(FLAGS_common_passwords);
  options.bootstrap_company_id = server::BootstrapCompanyId();
  options.bootstrap_username = absl::GetFlag(FLAGS_bootstrap_username);
  options.bootstrap_client_id = absl::GetFlag(FLAGS_bootstrap_client_id);
  if (const absl::Status status = Check(options); !status.ok()) return status;
  return options;
}

absl::StatusOr<KeyFolder> OpenKeyFolder(const AuthOptions& options) {
  auto folder = KeyFolder::Open(options.signing_keys);
  if (!folder.ok()) return WrongFile("signing_keys", folder.status());
  return folder;
}

absl::StatusOr<Pepper> LoadPepper(const AuthOptions& options) {
  auto pepper = LoadPepper(options.pepper);
  if (!pepper.ok()) return WrongFile("pepper", pepper.status());
  return pepper;
}

absl::Status LoadCommonPasswords(const AuthOptions& options) {
  if (options.common_passwords.empty()) return absl::OkStatus();
  const absl::Status added = AddCommonPasswords(options.common_passwords);
  return added.ok() ? added : WrongFile("common_passwords", added);
}

}  // namespace usher::auth
