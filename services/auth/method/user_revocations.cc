#include "services/auth/method/user_revocations.h"

#include <optional>

#include "common/status/try.h"

namespace usher::auth {

absl::StatusOr<std::vector<RevocationDraft>> Revoked(const UserWrite& write, const UserId& user,
                                                     const FindSessions& find) {
  std::vector<RevocationDraft> drafts;
  std::optional<TokensWrite> tokens = write.tokens;
  bool too_many_sign = false;
  for (const SessionsWrite& sessions : write.sessions) {
    ASSIGN_OR_RETURN(std::vector<SessionId> named,
                     find(sessions.method, /*only_signing=*/false, kMostNamedSessions + 1));
    if (named.size() > kMostNamedSessions) {
      if (!tokens.has_value()) tokens = TokensWrite{.reason = sessions.if_many};
      named.clear();
      // Guests sign nothing for others.
      if (sessions.method.key_type != KeyType::kGuestAccess) {
        ASSIGN_OR_RETURN(named,
                         find(sessions.method, /*only_signing=*/true, kMostSigningSessions + 1));
      }
      too_many_sign = too_many_sign || named.size() > kMostSigningSessions;
    }
    for (const SessionId& session : named) {
      if (session == write.kept_session) continue;
      drafts.push_back({.kind = token::RevocationKind::kSession,
                        .subject = session.value(),
                        .reason = sessions.reason,
                        .final = sessions.over});
    }
  }
  if (tokens.has_value()) {
    drafts.push_back({.kind = token::RevocationKind::kUser,
                      .subject = user.value(),
                      .reason = tokens->reason,
                      .final = tokens->final});
  }
  if (too_many_sign) {
    drafts.push_back({.kind = token::RevocationKind::kCompany,
                      .subject = "",
                      .reason = token::RevocationReason::kRightsTaken,
                      .final = false});
  }
  return drafts;
}

}  // namespace usher::auth
