// Takes over what becomes of the files of signing keys and pepper, without a restart.
#pragma once

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/base/repeating.h"
#include "common/token/key_ring.h"
#include "common/token/token_signer.h"
#include "services/auth/key/key_folder.h"
#include "services/auth/key/key_store.h"
#include "services/auth/secret/pepper.h"

namespace usher::auth {

// What is kept up to date. All of it outlives the watch.
struct WatchedKeys {
  token::TokenSigner& signer;
  token::KeyRing& retired;    // those that serve to refresh a session alone
  token::KeyRing& published;  // what this process itself judges tokens by
};

// A thread that looks once a second. A key that was withdrawn is refused here at once, and by the
// other servers when they next ask (auth_feed.h): within five seconds in all. Thread-safe.
class KeyWatch {
 public:
  // `folder` and `pepper` as this process has started with; `operator_company`: whose audit tells
  // of keys.
  KeyWatch(KeyFolder folder, std::string pepper_file, Pepper pepper, WatchedKeys watched,
           KeyStore& store, CompanyId operator_company, const Clock& clock,
           prometheus::Registry& registry);

  void Start() { repeating_.Start(); }

  // Reads what has changed. What is broken is not taken: what was there before stays, and a line of
  // the log says why, once for each fault. Asks nobody, and so may be called by whoever was told to
  // look (SIGHUP).
  void ReadAgain() ABSL_LOCKS_EXCLUDED(mutex_);

  // One round: ReadAgain, and what is new comes into the audit; what cannot be written there is
  // tried again.
  absl::Status Round() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  using States = std::map<std::string, KeyState>;

  void TakeSigningKeys() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TakePepper() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Complain(const std::string& fault, std::string* before)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void SetGauges() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // What each key is now, as far as the audit goes: one step after the other.
  States StatesOfNow() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string pepper_file_;
  const WatchedKeys watched_;
  KeyStore& store_;
  const CompanyId operator_company_;
  const Clock& clock_;
  prometheus::Gauge& active_;
  prometheus::Gauge& retired_;
  prometheus::Gauge& signs_since_;
  prometheus::Gauge& pepper_keys_;
  prometheus::Gauge& not_taken_;

  absl::Mutex mutex_;
  KeyFolder folder_ ABSL_GUARDED_BY(mutex_);
  Pepper pepper_ ABSL_GUARDED_BY(mutex_);
  std::string folder_fault_ ABSL_GUARDED_BY(mutex_);
  std::string pepper_fault_ ABSL_GUARDED_BY(mutex_);
  States noted_ ABSL_GUARDED_BY(mutex_);  // in the database
  Repeating repeating_;
};

// "0123456789abcdef".
std::string TextOf(const token::KeyId& id);

}  // namespace usher::auth
