// Checks tokens: signature, times, revocation. Remembers the ones that it has checked.
#pragma once

#include <atomic>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/token/access_token.h"
#include "common/token/feed_state.h"
#include "common/token/key_ring.h"
#include "common/token/revocations.h"

namespace usher::token {

// Thread-safe. A token seen for the first time costs 40 to 60 microseconds (Ed25519), a known one a
// hash look-up; expiry and revocation are looked at every time.
//
// Until keys and all revocations have been loaded once nothing is judged: everything that judges
// answers Unreachable then, to good tokens and to bad ones.
class TokenVerifier {
 public:
  using Verified = absl::StatusOr<std::shared_ptr<const AccessToken>>;

  TokenVerifier(const KeyRing& keys, const Revocations& revocations, const FeedState& feed,
                const Clock& clock, size_t cache_size);

  // TokenRefused(), TokenExpired(), AccountNotActive() or Unreachable. An expired token whose
  // signature is right is TokenExpired() also when its session has ended.
  Verified Verify(absl::string_view token);

  // What Verify would say, where that takes no signature to be checked: of a token that is
  // remembered, and of bytes that no key of ours can have signed. Nothing where it takes one.
  std::optional<Verified> VerifyKnown(absl::string_view token);

  // What Verify would say now of a token that it has verified, as `token`, for calls that go on: by
  // its key, its expiry and the revocations. Takes no signature, and neither uses nor disturbs what
  // is remembered: there may be more open streams than that holds tokens. (A key's ID is made with
  // it and is no other key's.)
  absl::Status Judge(absl::string_view bytes, const AccessToken& token) const;

  // Verify without looking at expiry and revocation: for the refresh grant, where the access token
  // only tells which session it is about. Accepts what one of `further` keys signed, too; null:
  // none.
  Verified VerifyIgnoringTime(absl::string_view token, const KeyRing* further = nullptr) const;

  // Unreachable when what is known of revocations is older than kStaleFeed: whoever lost their
  // rights since then could still use them. For whatever changes something (docs/adr/0018).
  absl::Status RequireFreshFeed() const;

  uint64_t cache_hits() const { return hits_.load(std::memory_order_relaxed); }
  // Signatures that had to be checked.
  uint64_t cache_misses() const { return misses_.load(std::memory_order_relaxed); }

 private:
  struct Entry {
    std::string bytes;
    std::shared_ptr<const AccessToken> token;
    uint64_t checked_generation;  // of the revocations, at the last Check that passed
  };
  using Entries = std::list<Entry>;  // most recently used first

  // Read before a token is looked at: what comes meanwhile is looked at next time.
  struct Generations {
    uint64_t revocations;
    uint64_t keys;
  };
  Generations Now() const { return {revocations_.generation(), keys_.generation()}; }

  // Nothing when the token is not remembered.
  std::optional<Verified> JudgeKnown(absl::string_view bytes, Generations now);
  absl::Status RequireLoaded() const;
  absl::Status CheckTime(const AccessToken& token) const;
  void Remember(absl::string_view bytes, const std::shared_ptr<const AccessToken>& token,
                Generations now);
  std::shared_ptr<const AccessToken> Recall(absl::string_view bytes, uint64_t key_generation,
                                            uint64_t* checked_generation);

  const KeyRing& keys_;
  const Revocations& revocations_;
  const FeedState& feed_;
  const Clock& clock_;
  const size_t cache_size_;

  mutable absl::Mutex mutex_;
  Entries entries_ ABSL_GUARDED_BY(mutex_);
  // Keyed by the whole token, so that nothing but the very same bytes can hit. Views into entries_.
  absl::flat_hash_map<absl::string_view, Entries::iterator> index_ ABSL_GUARDED_BY(mutex_);
  uint64_t key_generation_ ABSL_GUARDED_BY(mutex_) = 0;
  std::atomic<uint64_t> hits_{0};
  std::atomic<uint64_t> misses_{0};
};

}  // namespace usher::token
