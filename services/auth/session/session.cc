#include "services/auth/session/session.h"

#include <utility>

#include "services/auth/secret/keyed_hash.h"

namespace usher::auth {
namespace {

// How long a client may take to find out that a reply was lost (docs/contract.md, "Credentials").
constexpr absl::Duration kLostReplyGrace = absl::Seconds(30);

// Looks at all of them, whichever it is.
bool IsAmong(const std::vector<std::string>& hashes, absl::string_view hash) {
  bool found = false;
  for (const std::string& other : hashes) {
    const bool same = SameHash(hash, other);
    found = found || same;
  }
  return found;
}

}  // namespace

std::string GuestName(const std::string& given, const Method& access) {
  if (!given.empty()) return given;
  if (!access.display_name.empty()) return access.display_name;
  if (!access.email.empty()) return access.email;
  return "Unnamed guest";
}

RefreshVerdict JudgeRefresh(const Session& session, absl::string_view hash, absl::Time now) {
  const bool is_good = IsAmong(session.good_hashes, hash);
  const bool has_ended = IsAmong(session.ended_hashes, hash);
  if (is_good) return RefreshVerdict::kGood;
  if (!has_ended || now - session.rotated_at > kLostReplyGrace) return RefreshVerdict::kReused;
  return session.good_hashes.size() < kMostSuccessors ? RefreshVerdict::kLostReply
                                                      : RefreshVerdict::kAnswered;
}

Session Rotated(Session session, RefreshVerdict verdict, const std::string& new_hash,
                absl::Time now) {
  if (verdict == RefreshVerdict::kGood) {
    // The one that was used, and with it all that had been answered beside it: another tab has one
    // of those, and is in time for half a minute like a client that has lost a reply.
    session.ended_hashes = std::exchange(session.good_hashes, {});
    session.rotated_at = now;
  }
  // After a lost reply the 30 seconds go on.
  session.good_hashes.push_back(new_hash);
  return session;
}

}  // namespace usher::auth
