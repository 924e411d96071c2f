// Links between companies in memory: those of FakeMethodStore.
#pragma once

#include <algorithm>
#include <set>

#include "services/auth/company_switch/link_store.h"
#include "tests/support/fake_method_store.h"

namespace usher::auth {

// Thread-safe. Held to link_store_contract.h, like the real one.
class FakeLinkStore final : public LinkStore {
 public:
  explicit FakeLinkStore(FakeMethodStore& methods) : methods_(methods) {}

  absl::StatusOr<std::optional<MethodStanding>> FindOpen(const CallContext&,
                                                         const CompanyId& company,
                                                         const SessionId& session,
                                                         const UserId& user,
                                                         const CompanyId& to) override {
    std::vector<MethodStanding> open = methods_.OpenLinksOf(company, session, user);
    open.erase(std::remove_if(open.begin(), open.end(),
                              [&](const MethodStanding& one) { return one.method.company != to; }),
               open.end());
    const auto best = std::min_element(open.begin(), open.end(),
                                       [](const MethodStanding& a, const MethodStanding& b) {
                                         return std::make_pair(!IsUsable(a), a.method.created_at) <
                                                std::make_pair(!IsUsable(b), b.method.created_at);
                                       });
    if (best == open.end()) return std::optional<MethodStanding>();
    return std::optional<MethodStanding>(*best);
  }

  absl::StatusOr<std::vector<CompanyId>> ListOpen(const CallContext&, const CompanyId& company,
                                                  const SessionId& session, const UserId& user,
                                                  size_t limit) override {
    std::set<CompanyId> companies;
    for (const MethodStanding& one : methods_.OpenLinksOf(company, session, user)) {
      if (EffectiveStatus(one, one.read_at) == AccountStatus::kActivated) {
        companies.insert(one.method.company);
      }
    }
    std::vector<CompanyId> listed(companies.begin(), companies.end());
    if (listed.size() > limit) listed.resize(limit);
    return listed;
  }

 private:
  static bool IsUsable(const MethodStanding& standing) {
    return EffectiveStatus(standing.method, standing.read_at) == AccountStatus::kActivated;
  }

  FakeMethodStore& methods_;
};

}  // namespace usher::auth
