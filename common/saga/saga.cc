#include "common/saga/saga.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/status/reply_error.h"

namespace usher::saga {
namespace {

constexpr absl::Duration kExtraTime = absl::Seconds(2);
// A statement that is running when the time is up may run on: --statement_timeout, and the COMMIT.
constexpr absl::Duration kOverrun = absl::Seconds(6);

}  // namespace

std::string NameOf(const std::map<int, std::string>& names, int number) {
  const auto found = names.find(number);
  return found == names.end() ? absl::StrCat(number) : found->second;
}

absl::Duration LeaseFor(absl::Duration longest_call) {
  return longest_call + kExtraTime + kOverrun;
}

CallContext BeyondTheClient(const CallContext& call) {
  CallContext beyond = call;
  beyond.cancelled = nullptr;
  beyond.deadline = std::max(call.deadline, absl::Now() + kExtraTime);
  return beyond;
}

bool IsRefusal(const absl::Status& failure) {
  const std::optional<ReplyCode> code = ReplyCodeOf(failure);
  return code.has_value() && *code != ::common::REMOTE_ERROR && *code != ::common::INTERNAL_ERROR;
}

bool SaysNotFound(const absl::Status& failure) {
  return ReplyCodeOf(failure) == ::common::NOT_FOUND;
}

bool DidNothing(const absl::Status& failure) {
  if (ReplyCodeOf(failure).has_value()) return IsRefusal(failure);
  return absl::IsUnavailable(failure) || absl::IsResourceExhausted(failure);
}

}  // namespace usher::saga
