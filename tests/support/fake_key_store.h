// A KeyStore in memory.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/auth/key/key_store.h"

namespace usher::auth {

// For one thread at a time.
class FakeKeyStore final : public KeyStore {
 public:
  absl::Status Note(const CallContext& /*call*/, const CompanyId& company, const std::string& key,
                    KeyState state) override {
    if (!failure.ok()) return failure;
    KeyState& known = states_[{company, key}];
    const bool came_back = state == KeyState::kAdded && known >= KeyState::kWithdrawn;
    if (state <= known && !came_back) return absl::OkStatus();
    known = state;
    constexpr const char* kDetails[] = {"", "added", "in use", "withdrawn", "deleted"};
    rows.push_back(absl::StrCat("key ", key, ": ", kDetails[static_cast<int>(state)]));
    return absl::OkStatus();
  }

  std::vector<std::string> rows;  // of the audit
  absl::Status failure;

 private:
  std::map<std::pair<CompanyId, std::string>, KeyState> states_;
};

}  // namespace usher::auth
