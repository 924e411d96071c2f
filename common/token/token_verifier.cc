#include "common/token/token_verifier.h"

#include <sodium.h>

#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "common/token/envelope.h"

namespace usher::token {
namespace {

// Clocks of two machines may differ by this much; an expiry gets no such grace.
constexpr absl::Duration kClockSkew = absl::Seconds(30);

}  // namespace

TokenVerifier::TokenVerifier(const KeyRing& keys, const Revocations& revocations,
                             const Clock& clock, size_t cache_size)
    : keys_(keys), revocations_(revocations), clock_(clock), cache_size_(cache_size) {}

absl::StatusOr<std::shared_ptr<const AccessToken>> TokenVerifier::Verify(absl::string_view bytes) {
  // Read before the check: what is added during it is looked at next time.
  const uint64_t generation = revocations_.generation();
  const uint64_t key_generation = keys_.generation();
  uint64_t checked_generation = 0;
  if (std::shared_ptr<const AccessToken> known =
          Recall(bytes, key_generation, &checked_generation)) {
    RETURN_IF_ERROR(CheckTime(*known));
    if (checked_generation == generation) return known;
    RETURN_IF_ERROR(revocations_.Check(*known));
    Remember(bytes, known, generation, key_generation);
    return known;
  }
  ASSIGN_OR_RETURN(std::shared_ptr<const AccessToken> token, CheckSignature(bytes));
  RETURN_IF_ERROR(CheckTime(*token));
  RETURN_IF_ERROR(revocations_.Check(*token));
  Remember(bytes, token, generation, key_generation);
  return token;
}

std::optional<absl::StatusOr<std::shared_ptr<const AccessToken>>> TokenVerifier::VerifyKnown(
    absl::string_view bytes) {
  uint64_t checked_generation = 0;
  const uint64_t key_generation = keys_.generation();
  if (Recall(bytes, key_generation, &checked_generation) == nullptr) return std::nullopt;
  return Verify(bytes);
}

absl::StatusOr<std::shared_ptr<const AccessToken>> TokenVerifier::VerifyIgnoringTime(
    absl::string_view bytes) {
  return CheckSignature(bytes);
}

absl::StatusOr<std::shared_ptr<const AccessToken>> TokenVerifier::CheckSignature(
    absl::string_view bytes) const {
  const std::optional<Envelope> envelope = Split(bytes);
  if (!envelope.has_value()) return TokenRefused();
  const std::optional<PublicKey> key = keys_.Find(envelope->key_id);
  if (!key.has_value()) {
    keys_.NoteUnknownKey();
    return TokenRefused();
  }
  const std::string message = SignedBytes(envelope->header, envelope->payload);
  if (crypto_sign_verify_detached(
          reinterpret_cast<const unsigned char*>(envelope->signature.data()),
          reinterpret_cast<const unsigned char*>(message.data()), message.size(),
          key->data()) != 0) {
    return TokenRefused();
  }
  ASSIGN_OR_RETURN(AccessToken token, ParsePayload(envelope->payload));
  return std::make_shared<const AccessToken>(std::move(token));
}

absl::Status TokenVerifier::CheckTime(const AccessToken& token) const {
  const absl::Time now = clock_.Now();
  if (now >= token.expires_at) return TokenExpired();
  if (now + kClockSkew < token.not_before || now + kClockSkew < token.issued_at) {
    return TokenRefused();
  }
  return absl::OkStatus();
}

std::shared_ptr<const AccessToken> TokenVerifier::Recall(absl::string_view bytes,
                                                         uint64_t key_generation,
                                                         uint64_t* checked_generation) {
  const absl::MutexLock lock(&mutex_);
  if (key_generation > key_generation_) {
    // A key may have been withdrawn: everything is checked anew.
    index_.clear();
    entries_.clear();
    key_generation_ = key_generation;
  }
  const auto found = index_.find(bytes);
  if (found == index_.end()) {
    ++misses_;
    return nullptr;
  }
  ++hits_;
  entries_.splice(entries_.begin(), entries_, found->second);
  *checked_generation = found->second->checked_generation;
  return found->second->token;
}

void TokenVerifier::Remember(absl::string_view bytes,
                             const std::shared_ptr<const AccessToken>& token, uint64_t generation,
                             uint64_t key_generation) {
  if (cache_size_ == 0) return;
  const absl::MutexLock lock(&mutex_);
  if (key_generation != key_generation_) return;  // checked with keys that have since changed
  if (const auto found = index_.find(bytes); found != index_.end()) {
    found->second->checked_generation = generation;
    return;
  }
  entries_.push_front({std::string(bytes), token, generation});
  index_.emplace(entries_.front().bytes, entries_.begin());
  if (entries_.size() > cache_size_) {
    index_.erase(entries_.back().bytes);
    entries_.pop_back();
  }
}

uint64_t TokenVerifier::cache_hits() const {
  const absl::MutexLock lock(&mutex_);
  return hits_;
}

uint64_t TokenVerifier::cache_misses() const {
  const absl::MutexLock lock(&mutex_);
  return misses_;
}

}  // namespace usher::token
