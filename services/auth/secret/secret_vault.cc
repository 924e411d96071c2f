#include "services/auth/secret/secret_vault.h"

#include <sodium.h>

#include <algorithm>
#include <atomic>
#include <bitset>
#include <cstdlib>
#include <thread>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "common/base/background.h"
#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/secret/keyed_hash.h"
#include "services/auth/secret/password_form.h"

namespace usher::auth {
namespace {

// What stands before the sealed hash and says how it was made.
constexpr absl::string_view kArgon2 = "a:";
constexpr absl::string_view kKeyed = "k:";

constexpr size_t kUnguessable = 32;

// 43 characters of base64url are 256 bits when they are random (docs/security.md, "Secrets").
constexpr size_t kShortestRandomCode = 43;
// Of 43 random characters 31 differ on average; fewer than 16 in one of 10^14 cases.
constexpr size_t kFewestDifferent = 16;

// What a seal over nothing is bound to: as long as those of methods usually are.
constexpr absl::string_view kNothing = "no-company|authorization_code|nobody";

bool IsRandomCode(absl::string_view text) {
  if (text.size() < kShortestRandomCode) return false;
  std::bitset<256> seen;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (!absl::ascii_isalnum(byte) && c != '-' && c != '_') return false;
    seen.set(byte);
  }
  return seen.count() >= kFewestDifferent;
}

bool IsKeyed(const Secret& secret, SecretKind kind) {
  return !NeedsSlowHash(secret.Reveal(), kind);
}

// What is hashed. Codes are not typed, and are taken as they are.
Secret FormOf(const Secret& secret, SecretKind kind) {
  return kind == SecretKind::kPassword ? ComposedForm(secret) : secret;
}

absl::StatusOr<std::string> HashWithArgon2(const Secret& secret,
                                           const SecretVaultOptions& options) {
  std::string phc(crypto_pwhash_STRBYTES, '\0');
  if (crypto_pwhash_str_alg(phc.data(), secret.Reveal().data(), secret.size(), options.passes,
                            options.memory, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return Overloaded("memory for hashing");
  }
  phc.resize(phc.find('\0'));
  return phc;
}

size_t ThreadCount(const SecretVaultOptions& options) {
  if (options.threads > 0) return options.threads;
  return std::max<size_t>(1, std::thread::hardware_concurrency());
}

}  // namespace

size_t HashingCalls(const SecretVaultOptions& options) { return 2 * ThreadCount(options) + 2; }

bool NeedsSlowHash(absl::string_view secret, SecretKind kind) {
  return kind == SecretKind::kPassword || !IsRandomCode(secret);
}

// One hash that a thread is asked for. Shared, since whoever asked may not wait until it is done.
struct SecretVault::Task {
  Secret secret;
  std::function<absl::StatusOr<std::string>(const Secret&)> hash;
  std::shared_ptr<const std::atomic<bool>> cancelled;
  absl::StatusOr<std::string> result = absl::UnknownError("not hashed yet");
  absl::Notification done;
};

SecretVault::SecretVault(Pepper pepper, SecretVaultOptions options)
    : options_(std::move(options)),
      refusal_(CostlierOf({options_.memory, options_.passes}, options_.before)),
      pepper_(std::move(pepper)),
      sealing_(pepper_, "usher auth seal v1"),
      pace_({.threads = ThreadCount(options_),
             .calls = HashingCalls(options_),
             .queue = options_.queue,
             .room_changed = options_.room_changed,
             .answered = options_.calls}),
      queue_("hash", ThreadCount(options_), options_.queue,
             {.begin_thread = [this] { pace_.Join(); }}) {
  // May be called again, and makes the rest of libsodium safe to use from several threads. Without
  // it there is no source of random numbers, and nothing that could be done.
  if (sodium_init() < 0) std::abort();
  sealed_nothing_ = sealing_.Seal(
      absl::StrCat(kKeyed, KeyedHash(CodeKey(1), Secret::Random(kUnguessable).Reveal())), kNothing);
  // Beside the rest of the start, which need not wait for it.
  if (!queue_.TryAdd(absl::InfiniteFuture(), [this](const absl::Status&) { MakeNothing(); })) {
    MakeNothing();
  }
}

Secret SecretVault::CodeKey(size_t key_id) const {
  return Subkey(pepper_.Key(key_id), "usher auth code v1");
}

void SecretVault::MakeNothing() {
  const absl::Time started = absl::Now();
  const absl::Duration computed_before = ComputedByThisThread();
  nothing_ = HashWithArgon2(Secret::Random(kUnguessable), options_).value_or("");
  nothing_made_.Notify();
  pace_.Count(absl::Now() - started, ComputedByThisThread() - computed_before);
}

const std::string& SecretVault::Nothing() const {
  nothing_made_.WaitForNotification();
  return nothing_;
}

absl::StatusOr<std::string> SecretVault::Hash(const CallContext& call, const Secret& secret,
                                              SecretKind kind, absl::string_view associated_data) {
  if (IsKeyed(secret, kind)) {
    const size_t key_id = pepper_.sealing();
    return sealing_.SealBy(
        key_id, absl::StrCat(kKeyed, KeyedHash(CodeKey(key_id), secret.Reveal())), associated_data);
  }
  ASSIGN_OR_RETURN(
      const std::string phc,
      OnHashingThread(call, FormOf(secret, kind), [options = options_](const Secret& given) {
        return HashWithArgon2(given, options);
      }));
  return sealing_.Seal(absl::StrCat(kArgon2, phc), associated_data);
}

absl::StatusOr<SecretMatch> SecretVault::Verify(const CallContext& call, const Secret& secret,
                                                SecretKind kind, absl::string_view sealed,
                                                absl::string_view associated_data) {
  const absl::StatusOr<Sealing::Opened> opened = sealing_.Open(sealed, associated_data);
  if (!IsKeyed(secret, kind)) return VerifySlowly(call, secret, kind, opened);
  const size_t key_id = opened.ok() ? opened->key_id : 1;
  const std::string hash = KeyedHash(CodeKey(key_id), secret.Reveal());
  if (!opened.ok()) return opened.status();
  absl::string_view stored = opened->plain;
  const bool matches = absl::ConsumePrefix(&stored, kKeyed) && SameHash(stored, hash);
  return SecretMatch{.matches = matches, .outdated = matches && key_id < pepper_.sealing()};
}

absl::StatusOr<SecretMatch> SecretVault::VerifySlowly(
    const CallContext& call, const Secret& secret, SecretKind kind,
    const absl::StatusOr<Sealing::Opened>& opened) {
  absl::string_view stored = opened.ok() ? absl::string_view(opened->plain) : absl::string_view();
  const bool comparable = absl::ConsumePrefix(&stored, kArgon2);
  const std::string expected = comparable ? std::string(stored) : std::string();
  const Secret form = FormOf(secret, kind);
  ASSIGN_OR_RETURN(bool matches, MatchesArgon2(call, form, expected));
  bool outdated = false;
  // Kept since before passwords were composed: as it was typed then. Twice the work for whatever is
  // presented like this, whether there is something to find or not.
  if (!matches && form.Reveal() != secret.Reveal()) {
    ASSIGN_OR_RETURN(matches, MatchesArgon2(call, secret, expected));
    outdated = true;
  }
  if (!opened.ok()) return opened.status();
  if (!comparable || !matches) return SecretMatch();
  outdated =
      outdated || opened->key_id < pepper_.sealing() ||
      crypto_pwhash_str_needs_rehash(expected.c_str(), options_.passes, options_.memory) != 0;
  return SecretMatch{.matches = true, .outdated = outdated};
}

absl::Status SecretVault::VerifyAgainstNothing(const CallContext& call, const Secret& secret,
                                               SecretKind kind) {
  return Verify(call, secret, kind, sealed_nothing_, kNothing).status();
}

absl::StatusOr<std::string> SecretVault::OnHashingThread(
    const CallContext& call, const Secret& secret,
    std::function<absl::StatusOr<std::string>(const Secret&)> hash) {
  if (call.IsCancelled()) return absl::CancelledError("the client went away");
  auto task = std::make_shared<Task>();
  task->secret = secret;
  task->hash = std::move(hash);
  task->cancelled = call.cancelled;
  const bool known = !call.user.empty();
  const auto run = [this, task](const absl::Status& in_time) { Run(*task, in_time); };
  if (!queue_.TryAdd(known ? call.company.value() : call.source, call.deadline, run,
                     known ? rpc::Standing::kKnown : rpc::Standing::kStranger)) {
    return Overloaded("password hashing");
  }
  if (!task->done.WaitForNotificationWithDeadline(call.deadline)) {
    return OutOfTime("while the secret was being hashed");
  }
  return std::move(task->result);
}

void SecretVault::Run(Task& task, const absl::Status& in_time) {
  const bool cancelled = task.cancelled != nullptr && task.cancelled->load();
  if (!in_time.ok() || cancelled) {
    task.result = in_time.ok() ? absl::CancelledError("the client went away") : in_time;
    task.done.Notify();
    return;
  }
  const absl::Time started = absl::Now();
  const absl::Duration computed_before = ComputedByThisThread();
  task.result = task.hash(task.secret);
  task.done.Notify();
  absl::SleepFor(pace_.Count(absl::Now() - started, ComputedByThisThread() - computed_before));
}

absl::StatusOr<bool> SecretVault::MatchesArgon2(const CallContext& call, const Secret& secret,
                                                const std::string& stored) {
  const absl::string_view kYes = "y";
  ASSIGN_OR_RETURN(
      const std::string answer,
      OnHashingThread(call, secret, [this, stored, kYes](const Secret& given) {
        const std::string& expected = stored.empty() ? Nothing() : stored;
        const bool matches =
            crypto_pwhash_str_verify(expected.c_str(), given.Reveal().data(), given.size()) == 0;
        // One that was hashed with other settings is not to be told by it.
        if (!matches) Spend(RestOf(refusal_, expected));
        return absl::StatusOr<std::string>(matches ? std::string(kYes) : std::string());
      }));
  return answer == kYes;
}

}  // namespace usher::auth
