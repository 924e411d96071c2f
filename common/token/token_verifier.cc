#include "common/token/token_verifier.h"

#include <sodium.h>

#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "common/token/envelope.h"

namespace usher::token {
namespace {

// Clocks of two machines may differ by this much; an expiry gets no such grace.
constexpr absl::Duration kClockSkew = absl::Seconds(30);

absl::StatusOr<AccessToken> CheckSignature(const Envelope& envelope, const PublicKey& key) {
  const std::string message = SignedBytes(envelope.header, envelope.payload);
  if (crypto_sign_verify_detached(reinterpret_cast<const unsigned char*>(envelope.signature.data()),
                                  reinterpret_cast<const unsigned char*>(message.data()),
                                  message.size(), key.data()) != 0) {
    return TokenRefused();
  }
  return ParsePayload(envelope.payload);
}

}  // namespace

TokenVerifier::TokenVerifier(const KeyRing& keys, const Revocations& revocations,
                             const FeedState& feed, const Clock& clock, size_t cache_size)
    : keys_(keys), revocations_(revocations), feed_(feed), clock_(clock), cache_size_(cache_size) {}

TokenVerifier::Verified TokenVerifier::Verify(absl::string_view bytes) {
  RETURN_IF_ERROR(RequireLoaded());
  // Before anything is hashed: bytes of any length may come.
  const std::optional<Envelope> envelope = Split(bytes);
  if (!envelope.has_value()) return TokenRefused();
  const Generations now = Now();
  if (std::optional<Verified> known = JudgeKnown(bytes, now)) return *std::move(known);
  const std::optional<PublicKey> key = keys_.Find(envelope->key_id);
  if (!key.has_value()) return TokenRefused();

  misses_.fetch_add(1, std::memory_order_relaxed);
  ASSIGN_OR_RETURN(AccessToken read, CheckSignature(*envelope, *key));
  const auto token = std::make_shared<const AccessToken>(std::move(read));
  RETURN_IF_ERROR(CheckTime(*token));
  RETURN_IF_ERROR(revocations_.Check(*token));
  Remember(bytes, token, now);
  return token;
}

std::optional<TokenVerifier::Verified> TokenVerifier::VerifyKnown(absl::string_view bytes) {
  if (absl::Status loaded = RequireLoaded(); !loaded.ok()) return Verified(std::move(loaded));
  const std::optional<Envelope> envelope = Split(bytes);
  if (!envelope.has_value()) return Verified(TokenRefused());
  if (std::optional<Verified> known = JudgeKnown(bytes, Now())) return known;
  if (!keys_.Find(envelope->key_id).has_value()) return Verified(TokenRefused());
  return std::nullopt;
}

std::optional<TokenVerifier::Verified> TokenVerifier::JudgeKnown(absl::string_view bytes,
                                                                 Generations now) {
  uint64_t checked_generation = 0;
  std::shared_ptr<const AccessToken> token = Recall(bytes, now.keys, &checked_generation);
  if (token == nullptr) return std::nullopt;
  absl::Status status = CheckTime(*token);
  if (status.ok() && checked_generation != now.revocations) {
    status = revocations_.Check(*token);
    if (status.ok()) Remember(bytes, token, now);
  }
  return status.ok() ? Verified(std::move(token)) : Verified(std::move(status));
}

absl::Status TokenVerifier::Judge(absl::string_view bytes, const AccessToken& token) const {
  RETURN_IF_ERROR(RequireLoaded());
  const std::optional<Envelope> envelope = Split(bytes);
  if (!envelope.has_value() || !keys_.Find(envelope->key_id).has_value()) return TokenRefused();
  RETURN_IF_ERROR(CheckTime(token));
  return revocations_.Check(token);
}

TokenVerifier::Verified TokenVerifier::VerifyIgnoringTime(absl::string_view bytes,
                                                          const KeyRing* further) const {
  RETURN_IF_ERROR(RequireLoaded());
  const std::optional<Envelope> envelope = Split(bytes);
  if (!envelope.has_value()) return TokenRefused();
  std::optional<PublicKey> key = keys_.Find(envelope->key_id);
  if (!key.has_value() && further != nullptr) key = further->Find(envelope->key_id);
  if (!key.has_value()) return TokenRefused();
  ASSIGN_OR_RETURN(AccessToken token, CheckSignature(*envelope, *key));
  return std::make_shared<const AccessToken>(std::move(token));
}

absl::Status TokenVerifier::RequireFreshFeed() const {
  return feed_.age() < kStaleFeed ? absl::OkStatus() : Unreachable("auth");
}

absl::Status TokenVerifier::RequireLoaded() const {
  return feed_.loaded() ? absl::OkStatus() : Unreachable("auth");
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
  if (found == index_.end()) return nullptr;
  hits_.fetch_add(1, std::memory_order_relaxed);
  entries_.splice(entries_.begin(), entries_, found->second);
  *checked_generation = found->second->checked_generation;
  return found->second->token;
}

void TokenVerifier::Remember(absl::string_view bytes,
                             const std::shared_ptr<const AccessToken>& token, Generations now) {
  if (cache_size_ == 0) return;
  const absl::MutexLock lock(&mutex_);
  if (now.keys != key_generation_) return;  // checked with keys that have since changed
  if (const auto found = index_.find(bytes); found != index_.end()) {
    found->second->checked_generation = now.revocations;
    return;
  }
  entries_.push_front({std::string(bytes), token, now.revocations});
  index_.emplace(entries_.front().bytes, entries_.begin());
  if (entries_.size() > cache_size_) {
    index_.erase(entries_.back().bytes);
    entries_.pop_back();
  }
}

}  // namespace usher::token
