// An auth that a test tells which users there are.
#pragma once

#include <map>
#include <set>
#include <string>

#include "common/status/reply_error.h"
#include "services/business_logic/known_users.h"

namespace usher::business_logic {

// Not thread-safe.
class FakeKnownUsers final : public KnownUsers {
 public:
  absl::Status RequireKnown(const CallContext& call, const UserId& user) override {
    if (!failure.ok()) return failure;
    return known[call.company].count(user) > 0 ? absl::OkStatus() : UserNotFound();
  }

  std::map<CompanyId, std::set<UserId>> known;
  absl::Status failure;  // what every call answers, unless OK
};

}  // namespace usher::business_logic
