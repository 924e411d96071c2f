// A user service that says what users are called.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "services/room/engine/profile_names.h"

namespace usher::room {

// Not thread-safe. Held to profile_names_contract.h, like the real one.
class FakeProfileNames final : public ProfileNames {
 public:
  absl::StatusOr<std::string> NameOf(const CallContext& call, const CompanyId& company,
                                     const UserId& user) override {
    asked.push_back(call);
    if (!failure.ok()) return failure;
    const auto found = names.find({company, user});
    return found == names.end() ? std::string() : found->second;
  }

  absl::Status failure;  // what every call answers, unless OK
  std::map<std::pair<CompanyId, UserId>, std::string> names;
  std::vector<CallContext> asked;  // so far
};

}  // namespace usher::room
