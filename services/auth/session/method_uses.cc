#include "services/auth/session/method_uses.h"

#include <algorithm>
#include <utility>

namespace usher::auth {

void MethodUses::Note(const CompanyId& company, const MethodKey& method, absl::Time at) {
  std::string key = AssociatedData(company, method);
  const absl::MutexLock lock(&mutex_);
  const auto found = uses_.find(key);
  if (found != uses_.end()) {
    found->second.at = std::max(found->second.at, at);
  } else if (uses_.size() < kMost) {
    uses_.emplace(std::move(key), MethodUse{company, method, at});
  }
}

absl::Status MethodUses::Write(const CallContext& call) {
  absl::flat_hash_map<std::string, MethodUse> uses;
  {
    const absl::MutexLock lock(&mutex_);
    uses.swap(uses_);
  }
  if (uses.empty()) return absl::OkStatus();
  std::vector<MethodUse> listed;
  listed.reserve(uses.size());
  for (const auto& [key, use] : uses) listed.push_back(use);
  const absl::Status written = sessions_.NoteUses(call, listed);
  if (!written.ok()) {
    for (const MethodUse& use : listed) Note(use.company, use.method, use.at);
  }
  return written;
}

}  // namespace usher::auth
