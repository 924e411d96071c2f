#include "services/auth/company_switch/link_store.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/status/try.h"

namespace usher::auth {

absl::StatusOr<std::optional<MethodStanding>> LinkStore::FindOpen(const CallContext& call,
                                                                  const CompanyId& company,
                                                                  const SessionId& session,
                                                                  const UserId& user,
                                                                  const CompanyId& to) {
  ASSIGN_OR_RETURN(const std::vector<MethodStanding> open, ReadOpen(call, company, session, user));
  std::optional<MethodStanding> best;
  for (const MethodStanding& one : open) {
    if (one.method.company != to) continue;
    if (EffectiveStatus(one.method, one.read_at) == AccountStatus::kActivated) {
      return std::optional<MethodStanding>(one);
    }
    if (!best.has_value()) best = one;
  }
  return best;
}

absl::StatusOr<std::vector<CompanyId>> LinkStore::ListOpen(const CallContext& call,
                                                           const CompanyId& company,
                                                           const SessionId& session,
                                                           const UserId& user, size_t limit) {
  ASSIGN_OR_RETURN(const std::vector<MethodStanding> open, ReadOpen(call, company, session, user));
  std::set<CompanyId> usable;
  for (const MethodStanding& one : open) {
    if (EffectiveStatus(one, one.read_at) == AccountStatus::kActivated) {
      usable.insert(one.method.company);
    }
  }
  std::vector<CompanyId> listed(usable.begin(), usable.end());
  if (listed.size() > limit) listed.resize(limit);
  return listed;
}

}  // namespace usher::auth
