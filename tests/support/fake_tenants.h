// The other services as a company sees them that begins and ends, in memory.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "common/status/reply_error.h"
#include "services/company/tenants.h"
#include "tests/support/trouble.h"

namespace usher::company {

// What may be asked of them.
enum class Deed { kEnsureProfile, kEnsure, kSettle, kDestroy, kWasDestroyed, kClear };

// Not thread-safe but for the trouble. Knows no permissions, and takes any credentials.
class FakeTenants final : public AuthTenants, public FirstUsers, public TenantData {
 public:
  Trouble<Deed>& trouble() { return trouble_; }

  // What tests look at: whether somebody can sign in; how many profiles there are.
  bool CanSignIn(const CompanyId& company) const {
    const auto found = companies_.find(company);
    return found != companies_.end() && !found->second.destroyed;
  }
  size_t profiles() const { return profiles_.size(); }
  // How many pieces the next clearing takes.
  void SetPieces(int pieces) { pieces_ = pieces; }
  absl::Duration rest() const { return rest_; }

  // AuthTenants.
  absl::Status Ensure(const CallContext&, const CompanyId& company, const UserId& user,
                      const FirstAdministrator&) override {
    return trouble_.Do<absl::Status>(Deed::kEnsure, [&]() -> absl::Status {
      if (given_up_.count({company, user}) > 0) {
        return ReplyError(::common::USER_INVALID, "this founding has been ruled out");
      }
      const auto [at, made] = companies_.emplace(company, Known{user});
      return made || at->second.administrator == user ? absl::OkStatus()
                                                      : ActionInvalid("auth knows it already");
    });
  }
  absl::StatusOr<bool> Settle(const CallContext&, const CompanyId& company,
                              const UserId& user) override {
    return trouble_.Do<absl::StatusOr<bool>>(Deed::kSettle, [&]() -> absl::StatusOr<bool> {
      const auto found = companies_.find(company);
      if (found != companies_.end() && found->second.administrator == user) return true;
      given_up_.insert({company, user});
      return false;
    });
  }
  absl::Status Destroy(const CallContext&, const CompanyId& company, absl::Duration rest) override {
    return trouble_.Do<absl::Status>(Deed::kDestroy, [&]() -> absl::Status {
      const auto found = companies_.find(company);
      if (found == companies_.end()) return CompanyNotFound();
      found->second.destroyed = true;
      rest_ = rest;
      return absl::OkStatus();
    });
  }
  absl::StatusOr<bool> WasDestroyed(const CallContext&, const CompanyId& company) override {
    return trouble_.Do<absl::StatusOr<bool>>(Deed::kWasDestroyed, [&]() -> absl::StatusOr<bool> {
      const auto found = companies_.find(company);
      return found == companies_.end() || found->second.destroyed;
    });
  }

  // FirstUsers.
  absl::Status Ensure(const CallContext&, const CompanyId& company, const UserId& user,
                      const std::string&) override {
    return trouble_.Do<absl::Status>(Deed::kEnsureProfile, [&]() -> absl::Status {
      profiles_.insert({company, user});
      return absl::OkStatus();
    });
  }

  // TenantData, of all services together.
  absl::StatusOr<bool> Clear(const CallContext&, const CompanyId& company) override {
    return trouble_.Do<absl::StatusOr<bool>>(Deed::kClear, [&]() -> absl::StatusOr<bool> {
      if (--pieces_ > 0) return false;
      for (auto at = profiles_.begin(); at != profiles_.end();) {
        at = at->first == company ? profiles_.erase(at) : std::next(at);
      }
      const auto found = companies_.find(company);
      if (found != companies_.end() && found->second.destroyed) companies_.erase(found);
      return true;
    });
  }

 private:
  struct Known {
    UserId administrator;
    bool destroyed = false;
  };

  Trouble<Deed> trouble_;
  std::map<CompanyId, Known> companies_;
  std::set<std::pair<CompanyId, UserId>> given_up_;
  std::set<std::pair<CompanyId, UserId>> profiles_;
  int pieces_ = 1;
  absl::Duration rest_;
};

}  // namespace usher::company
