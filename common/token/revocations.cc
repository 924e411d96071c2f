#include "common/token/revocations.h"

#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/status/reply_error.h"

namespace usher::token {
namespace {

std::string Key(RevocationKind kind, const CompanyId& company, absl::string_view subject) {
  // A session's ID is its own everywhere: what a platform administrator signed in it for another
  // company ends with it.
  const bool in_every_company = kind == RevocationKind::kSession;
  return absl::StrCat(static_cast<int>(kind), "/", in_every_company ? "" : company.value(), "/",
                      subject);
}

bool IsKnown(RevocationKind kind) {
  return kind == RevocationKind::kSession || kind == RevocationKind::kUser ||
         kind == RevocationKind::kCompany;
}

std::string Key(const Revocation& revocation) {
  if (IsKnown(revocation.kind)) {
    return Key(revocation.kind, revocation.company, revocation.subject);
  }
  return Key(RevocationKind::kCompany, revocation.company, "");
}

void SayOnce(RevocationKind unknown) {
  static std::atomic<bool> said{false};
  if (said.exchange(true)) return;
  log::Warning("auth revokes what this release does not know; it is taken for the whole company",
               {{"kind", absl::StrCat(static_cast<int>(unknown))}});
}

absl::Status FailureOf(RevocationReason reason) {
  switch (reason) {
    case RevocationReason::kAccountInactive:
      return AccountNotActive("deactivated, locked or removed since the token was issued");
    case RevocationReason::kRightsTaken:
      return TokenExpired();
    case RevocationReason::kSignedOut:
      break;
  }
  return TokenRefused();
}

}  // namespace

void Revocations::Add(const Revocation& revocation) {
  if (!IsKnown(revocation.kind)) SayOnce(revocation.kind);
  const absl::MutexLock lock(&mutex_);
  const auto [entry, added] = by_key_.try_emplace(Key(revocation), revocation);
  // The same one may come twice (at once in auth, and by the feed), and out of order.
  const bool later = added || entry->second.issued_until < revocation.issued_until;
  if (later) expiries_.push({revocation.issued_until, &entry->first});
  if (later || entry->second.issued_until == revocation.issued_until) entry->second = revocation;
  generation_.fetch_add(1, std::memory_order_release);
}

void Revocations::Add(const std::vector<Revocation>& revocations) {
  for (const Revocation& revocation : revocations) Add(revocation);
}

absl::Status Revocations::Check(const AccessToken& token) const {
  const absl::MutexLock lock(&mutex_);
  if (by_key_.empty()) return absl::OkStatus();
  const std::string keys[] = {
      Key(RevocationKind::kSession, token.company, token.session.value()),
      Key(RevocationKind::kUser, token.company, token.user.value()),
      Key(RevocationKind::kUser, token.company, token.base_permissions_id.value()),
      Key(RevocationKind::kCompany, token.company, "")};
  for (const std::string& key : keys) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end() || token.issued_at > found->second.issued_until) continue;
    return FailureOf(found->second.reason);
  }
  return absl::OkStatus();
}

bool Revocations::Forget(absl::Time horizon) {
  const absl::MutexLock lock(&mutex_);
  for (size_t i = 0; i < kMostForgotten; ++i) {
    if (expiries_.empty() || expiries_.top().issued_until >= horizon) return false;
    const Expiry expiry = expiries_.top();
    expiries_.pop();
    const auto entry = by_key_.find(*expiry.key);
    if (entry->second.issued_until == expiry.issued_until) by_key_.erase(entry);
  }
  return !expiries_.empty() && expiries_.top().issued_until < horizon;
}

size_t Revocations::size() const {
  const absl::MutexLock lock(&mutex_);
  return by_key_.size();
}

}  // namespace usher::token
