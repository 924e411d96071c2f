// Turns secrets into what the database keeps of them, and checks them against it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/call_context.h"
#include "common/base/secret.h"
#include "common/rpc/work_queue.h"
#include "services/auth/pepper.h"

namespace usher::auth {

enum class SecretKind {
  kPassword,   // always argon2id
  kCode,       // of API keys: a keyed hash where it is random and long enough, else argon2id
  kGuestCode,  // likewise
};

struct SecretVaultOptions {
  size_t memory = size_t{19} * 1024 * 1024;  // bytes, of one argon2id run
  unsigned passes = 2;
  size_t threads = 0;  // 0: as many as there are cores
  size_t queue = 64;
};

// Thread-safe. argon2id runs on threads of its own; the calling thread (Lane::kSlow) waits for it.
// Errors of what waits: Overloaded when the queue is full, OutOfTime past the call's deadline,
// kCancelled when the client went away. How long a check takes depends on the secret that was
// presented and its kind, never on what is stored (security.md, L1).
class SecretVault {
 public:
  SecretVault(const Pepper& pepper, SecretVaultOptions options);

  // What to store. `associated_data` (method.h) must be given again to check it.
  absl::StatusOr<std::string> Hash(const CallContext& call, const Secret& secret, SecretKind kind,
                                   absl::string_view associated_data);

  // kDataLoss when `sealed` was not made for `associated_data` or with none of the pepper's keys;
  // after the same time as any other answer.
  absl::StatusOr<bool> Verify(const CallContext& call, const Secret& secret, SecretKind kind,
                              absl::string_view sealed, absl::string_view associated_data);

  // The same work where there is nothing to check against: for principals that do not exist.
  absl::Status VerifyAgainstNothing(const CallContext& call, const Secret& secret, SecretKind kind);

  // True when it was made with other settings or another key than Hash would use now. Cheap.
  bool NeedsRehash(absl::string_view sealed, absl::string_view associated_data) const;

  // 32 bytes to store of a refresh token, which is 256 random bits and needs no slow hash. Cheap.
  std::string HashRefreshToken(const Secret& token) const;

  // Hashes waiting for a thread; for metrics.
  size_t waiting() const { return queue_.waiting(); }

 private:
  struct Keys {
    Secret seal;
    Secret code;
    Secret refresh;
  };

  // Runs `hash` on a hashing thread and waits for what it answers.
  absl::StatusOr<std::string> OnHashingThread(
      const CallContext& call, const Secret& secret,
      std::function<absl::StatusOr<std::string>(const Secret&)> hash);
  absl::StatusOr<bool> MatchesArgon2(const CallContext& call, const Secret& secret,
                                     const std::string& expected);
  std::string Seal(absl::string_view plain, absl::string_view associated_data) const;
  absl::StatusOr<std::string> Open(absl::string_view sealed, absl::string_view associated_data,
                                   size_t* key_id) const;

  const SecretVaultOptions options_;
  std::vector<Keys> keys_;
  // A hash of the current settings that nothing matches.
  std::string nothing_;
  rpc::WorkQueue queue_;
};

}  // namespace usher::auth
