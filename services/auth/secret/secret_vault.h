// Turns secrets into what the database keeps of them, and checks them against it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "common/base/secret.h"
#include "common/rpc/lane/work_queue.h"
#include "services/auth/secret/argon2_cost.h"
#include "services/auth/secret/hashing_pace.h"
#include "services/auth/secret/pepper.h"
#include "services/auth/secret/sealing.h"

namespace usher::auth {

enum class SecretKind {
  kPassword,   // always argon2id
  kCode,       // of API keys: a keyed hash where it is random and long enough, else argon2id
  kGuestCode,  // likewise
};

struct SecretVaultOptions {
  size_t memory = size_t{19} * 1024 * 1024;  // bytes, of one argon2id run
  unsigned passes = 2;
  // Of hashes that were made before these were lowered: refusals take as long as with the costlier
  // ones. Nothing is hashed with them.
  Argon2Run before = {};
  size_t threads = 0;  // 0: as many as there are cores
  size_t queue = 256;
  // Told how many calls may wait besides the HashingCalls (hashing_pace.h).
  std::function<void(size_t)> room_changed;
  std::function<HashingPace::Calls()> calls;  // of this server, by now
};

// How many calls may be at it (the threads of Lane::kHash): while some ask the database, others
// keep every hashing thread at work.
size_t HashingCalls(const SecretVaultOptions& options);

// True for what costs an argon2id run: any password, and a code that somebody made up. Decided by
// the secret alone: a random code is only ever stored as a keyed hash, and anything else never is.
bool NeedsSlowHash(absl::string_view secret, SecretKind kind);

// What comparing a secret with a stored one gave.
struct SecretMatch {
  bool matches = false;
  // It matches, and Hash would store it otherwise now: with other settings, under another key, or
  // in another form.
  bool outdated = false;
};

// Thread-safe. The calling thread (Lane::kHash) waits while argon2id runs on threads of the vault,
// which stand behind others, and rest where others want the cores (hashing_pace.h). Callers take
// turns (work_queue.h). Errors of what waits: Overloaded when the queue is full, OutOfTime past the
// call's deadline, kCancelled when the client went away. How long a check that fails takes depends
// on the secret that was presented and its kind, never on what is stored (docs/security.md,
// "Secrets"). Passwords are hashed and compared in NFC (password_form.h).
class SecretVault {
 public:
  SecretVault(Pepper pepper, SecretVaultOptions options);

  // What to store. `associated_data` (method.h) must be given again to check it.
  absl::StatusOr<std::string> Hash(const CallContext& call, const Secret& secret, SecretKind kind,
                                   absl::string_view associated_data);

  // kDataLoss when `sealed` was not made for `associated_data` or with none of the pepper's keys;
  // after the same time as any other answer.
  absl::StatusOr<SecretMatch> Verify(const CallContext& call, const Secret& secret, SecretKind kind,
                                     absl::string_view sealed, absl::string_view associated_data);

  // The same work where there is nothing to check against, a seal included: for principals that do
  // not exist.
  absl::Status VerifyAgainstNothing(const CallContext& call, const Secret& secret, SecretKind kind);

 private:
  struct Task;

  // Runs `hash` on a hashing thread and waits for what it answers.
  absl::StatusOr<std::string> OnHashingThread(
      const CallContext& call, const Secret& secret,
      std::function<absl::StatusOr<std::string>(const Secret&)> hash);
  void Run(Task& task, const absl::Status& in_time);
  // Without `stored`: whether it matches the hash that nothing matches.
  absl::StatusOr<bool> MatchesArgon2(const CallContext& call, const Secret& secret,
                                     const std::string& stored);
  absl::StatusOr<SecretMatch> VerifySlowly(const CallContext& call, const Secret& secret,
                                           SecretKind kind,
                                           const absl::StatusOr<Sealing::Opened>& opened);
  // Which codes are hashed with under this key of the pepper.
  Secret CodeKey(size_t key_id) const;
  void MakeNothing();
  // For hashing threads: may wait for the first hash.
  const std::string& Nothing() const;

  const SecretVaultOptions options_;
  const Argon2Run refusal_;  // what one costs in all
  const Pepper pepper_;
  const Sealing sealing_;
  // A hash of the current settings that nothing matches: the first that is made.
  std::string nothing_;
  absl::Notification nothing_made_;
  // A keyed hash that nothing matches, sealed for kNothing.
  std::string sealed_nothing_;
  HashingPace pace_;
  rpc::WorkQueue queue_;
};

}  // namespace usher::auth
