#include "services/auth/secret/argon2_cost.h"

#include <sodium.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace usher::auth {
namespace {

constexpr uint64_t kMemoryUnit = 1024;  // of the m= of a hash, in bytes

// "$argon2id$v=19$m=19456,t=2,p=1$...": nothing for anything else.
Argon2Run RunOf(absl::string_view stored) {
  if (!absl::ConsumePrefix(&stored, "$argon2id$v=19$m=")) return {};
  const absl::string_view memory = stored.substr(0, stored.find(','));
  stored.remove_prefix(memory.size());
  if (!absl::ConsumePrefix(&stored, ",t=")) return {};
  Argon2Run run;
  if (!absl::SimpleAtoi(memory, &run.memory) ||
      !absl::SimpleAtoi(stored.substr(0, stored.find(',')), &run.passes)) {
    return {};
  }
  run.memory *= kMemoryUnit;
  return run;
}

// Each pass goes once over the memory.
uint64_t Work(const Argon2Run& run) { return run.memory * run.passes; }

}  // namespace

Argon2Run CostlierOf(const Argon2Run& first, const Argon2Run& second) {
  return Work(second) > Work(first) ? second : first;
}

Argon2Run RestOf(const Argon2Run& whole, absl::string_view stored) {
  const uint64_t done = Work(RunOf(stored));
  if (done == 0 || done >= Work(whole)) return {};
  const uint64_t rest = Work(whole) - done;
  Argon2Run run;
  run.passes = (rest + whole.memory - 1) / whole.memory;
  run.memory = rest / run.passes;
  return run.memory < crypto_pwhash_argon2id_MEMLIMIT_MIN ? Argon2Run() : run;
}

void Spend(const Argon2Run& run) {
  if (run.passes == 0) return;
  unsigned char out[crypto_pwhash_argon2id_BYTES_MIN];
  const unsigned char salt[crypto_pwhash_argon2id_SALTBYTES] = {};
  // Without memory it costs nothing, and nothing depends on it.
  if (crypto_pwhash(out, sizeof(out), "", 0, salt, run.passes, run.memory,
                    crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return;
  }
  sodium_memzero(out, sizeof(out));
}

}  // namespace usher::auth
