#include "services/auth/session/session.h"

#include <sodium.h>

namespace usher::auth {
namespace {

// How long a client may take to find out that a reply was lost (docs/contract.md, "Credentials").
constexpr absl::Duration kLostReplyGrace = absl::Seconds(30);

bool SameHash(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

std::string GuestName(const std::string& given, const Method& access) {
  if (!given.empty()) return given;
  if (!access.display_name.empty()) return access.display_name;
  if (!access.email.empty()) return access.email;
  return "Unnamed guest";
}

RefreshVerdict JudgeRefresh(const Session& session, absl::string_view hash, absl::Time now) {
  const bool is_current = SameHash(session.current_hash, hash);
  const bool is_previous = SameHash(session.previous_hash, hash);
  if (is_current) return RefreshVerdict::kCurrent;
  const bool in_time = now - session.rotated_at <= kLostReplyGrace;
  return is_previous && in_time ? RefreshVerdict::kLostReply : RefreshVerdict::kReused;
}

Session Rotated(Session session, RefreshVerdict verdict, const std::string& new_hash,
                absl::Time now) {
  if (verdict == RefreshVerdict::kCurrent) {
    session.previous_hash = session.current_hash;
    session.rotated_at = now;
  }
  // After a lost reply the same token stays the previous one, and its 30 seconds go on.
  session.current_hash = new_hash;
  return session;
}

}  // namespace usher::auth
