// What idempotency keys are bound to, in memory: as common/db/idempotency.h has it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/status/reply_error.h"

namespace usher {

// Not thread-safe.
template <class Answer>
class FakeAnswers {
 public:
  absl::StatusOr<std::optional<Answer>> Find(const CallContext& call) const {
    const auto found = bound_.find(KeyOf(call));
    if (call.idempotency.key.empty() || found == bound_.end()) return std::optional<Answer>();
    const auto& [request_hash, answer] = found->second;
    if (request_hash == call.idempotency.request_hash) return std::optional<Answer>(answer);
    return ActionInvalid("this idempotency-key was used with another request");
  }
  void Bind(const CallContext& call, const Answer& answer) {
    if (call.idempotency.key.empty()) return;
    bound_.emplace(KeyOf(call), std::pair(call.idempotency.request_hash, answer));
  }
  void Release(const CallContext& call) { bound_.erase(KeyOf(call)); }

 private:
  static auto KeyOf(const CallContext& call) {
    return std::tuple(call.company, call.user, call.rpc, call.idempotency.key);
  }

  std::map<std::tuple<CompanyId, UserId, std::string, std::string>, std::pair<std::string, Answer>>
      bound_;
};

}  // namespace usher
