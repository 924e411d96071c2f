#include "common/token/revocations.h"

#include "absl/strings/str_cat.h"
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
  const absl::MutexLock lock(&mutex_);
  Revocation& entry = by_key_[Key(revocation.kind, revocation.company, revocation.subject)];
  // The same one may come twice (at once in auth, and by the feed), and out of order.
  if (entry.sequence == 0 || entry.issued_until <= revocation.issued_until) entry = revocation;
  ++generation_;
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

void Revocations::Forget(absl::Time horizon) {
  const absl::MutexLock lock(&mutex_);
  absl::erase_if(by_key_,
                 [horizon](const auto& entry) { return entry.second.issued_until < horizon; });
}

uint64_t Revocations::generation() const {
  const absl::MutexLock lock(&mutex_);
  return generation_;
}

size_t Revocations::size() const {
  const absl::MutexLock lock(&mutex_);
  return by_key_.size();
}

}  // namespace usher::token
