// What was refused, in memory.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "services/auth/audit/refusals.h"

namespace usher::auth {

// For one thread at a time.
class FakeRefusals final : public Refusals {
 public:
  void Note(const CallContext& /*call*/, Refusal refusal) override {
    noted.push_back(std::move(refusal));
  }

  std::vector<Refusal> noted;
};

}  // namespace usher::auth
