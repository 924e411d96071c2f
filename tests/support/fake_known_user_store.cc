// FakeMethodStore as KnownUserStore and RevocationStore.
#include <algorithm>
#include <utility>

#include "common/status/reply_error.h"
#include "common/status/try.h"
#include "services/auth/method/method_errors.h"
#include "tests/support/fake_method_store.h"

namespace usher::auth {

absl::StatusOr<std::optional<UserStanding>> FakeMethodStore::FindUser(const CallContext&,
                                                                      const CompanyId& company,
                                                                      const UserId& user,
                                                                      absl::Time now) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  const auto found = state_.users.find({company, user});
  if (found == state_.users.end()) return std::optional<UserStanding>();
  const std::vector<Method> methods = state_.MethodsOf(company, user);
  UserStanding standing;
  standing.status = found->second;
  standing.company_active = state_.IsActive(company);
  standing.only_guest_accesses = !methods.empty();
  if (!methods.empty()) standing.methods = AccountStatus::kDeleted;
  for (const Method& method : methods) {
    const AccountStatus status = EffectiveStatus(method, now);
    const bool active = status == AccountStatus::kActivated;
    standing.methods = std::min(standing.methods, status);
    standing.held = standing.held.Or(method.permissions);
    standing.usable = standing.usable.Or(active ? method.permissions : PermissionSet());
    standing.only_guest_accesses =
        standing.only_guest_accesses && method.key_type == KeyType::kGuestAccess;
  }
  return std::optional<UserStanding>(standing);
}

absl::Status FakeMethodStore::EnsureUser(const CallContext&, const CompanyId& company,
                                         const UserId& user, const std::optional<Method>& method) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  if (!state_.IsActive(company)) return CompanyNotFound();
  State after = state_;
  const auto [at, made] = after.users.emplace(UserKey(company, user), AccountStatus::kActivated);
  if (!made) {
    if (at->second == AccountStatus::kDeleted) return UserRuledOut();
    if (!method.has_value()) return absl::OkStatus();
    const auto found = after.methods.find(KeyOf(company, method->key()));
    const bool owned = found != after.methods.end() && found->second.user == user;
    return owned ? absl::OkStatus() : UserExists();
  }
  if (method.has_value()) RETURN_IF_ERROR(after.Insert(*method));
  state_ = std::move(after);
  return absl::OkStatus();
}

absl::StatusOr<bool> FakeMethodStore::SettleUser(const CallContext&, const CompanyId& company,
                                                 const UserId& user) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  if (state_.companies.count(company) == 0) return false;
  const auto [at, made] = state_.users.emplace(UserKey(company, user), AccountStatus::kDeleted);
  return !made && at->second != AccountStatus::kDeleted;
}

absl::StatusOr<Ended> FakeMethodStore::RemoveUser(const CallContext&, const CompanyId& company,
                                                  const UserId& user, const DecideChange& decide) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  State after = state_;
  ASSIGN_OR_RETURN(Ended ended, after.Change(company, user, std::nullopt, decide));
  state_ = std::move(after);
  return ended;
}

absl::StatusOr<bool> FakeMethodStore::InsertCompany(const CallContext&, const CompanyId& company,
                                                    const std::vector<Method>& methods) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  State after = state_;
  if (!after.companies.emplace(company, true).second) return false;
  for (const Method& method : methods) {
    const UserKey user(company, method.user);
    if (!after.users.emplace(user, AccountStatus::kActivated).second) return UserExists();
    RETURN_IF_ERROR(after.Insert(method));
  }
  state_ = std::move(after);
  return true;
}

absl::StatusOr<std::vector<token::Revocation>> FakeMethodStore::ListRevocations(
    const CallContext&, int64_t after, absl::Time horizon) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  std::vector<token::Revocation> listed;
  for (const token::Revocation& revocation : state_.revocations) {
    if (revocation.sequence > after && revocation.issued_until > horizon &&
        listed.size() < kLargestPage) {
      listed.push_back(revocation);
    }
  }
  return listed;
}

absl::Status FakeMethodStore::ForgetRevocations(const CallContext&, absl::Time horizon) {
  const absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(failure_);
  auto& all = state_.revocations;
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&](const auto& one) { return one.issued_until <= horizon; }),
            all.end());
  return absl::OkStatus();
}

}  // namespace usher::auth
