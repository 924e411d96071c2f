// An auth that a test tells which users there are, and what they hold.
#pragma once

#include <map>
#include <utility>

#include "common/status/reply_error.h"
#include "services/business_logic/known_users.h"

namespace usher::business_logic {

// Not thread-safe. Held to known_users_contract.h, like the real one.
class FakeKnownUsers final : public KnownUsers {
 public:
  void Add(const CompanyId& company, KnownUser user) {
    known_[{company, user.user}] = std::move(user);
  }

  absl::StatusOr<KnownUser> Get(const CallContext& call, const UserId& user) override {
    if (!failure.ok()) return failure;
    const auto found = known_.find({call.company, user});
    if (found == known_.end()) return UserNotFound();
    return found->second;
  }

  absl::Status failure;  // what every call answers, unless OK

 private:
  std::map<std::pair<CompanyId, UserId>, KnownUser> known_;
};

}  // namespace usher::business_logic
