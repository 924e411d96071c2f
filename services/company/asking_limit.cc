#include "services/company/asking_limit.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "common/status/reply_error.h"

namespace usher::company {
namespace {

constexpr absl::Duration kWindow = absl::Minutes(1);
// Between two looks through all that are remembered.
constexpr absl::Duration kBetweenLooks = absl::Seconds(1);
// As rpc::Source says it of a Unix socket.
constexpr absl::string_view kThisMachine = "local";

}  // namespace

absl::Status TooManyQuestions(absl::Duration wait) {
  const int64_t seconds =
      std::max<int64_t>(1, absl::ToInt64Seconds(absl::Ceil(wait, absl::Seconds(1))));
  return ReplyError(::common::QUOTA_EXCEEDED,
                    absl::StrCat("too many names were asked for; try again in ", seconds,
                                 seconds == 1 ? " second" : " seconds"));
}

AskingLimit::AskingLimit(int most_a_minute, const Clock& clock)
    : most_a_minute_(most_a_minute), clock_(clock) {}

absl::Status AskingLimit::Admit(const std::string& source) {
  if (most_a_minute_ == 0 || source == kThisMachine) return absl::OkStatus();
  const absl::Time now = clock_.Now();
  const absl::MutexLock lock(&mutex_);
  if (free_at_.size() >= kMostSources && !free_at_.contains(source)) {
    if (now >= looked_at_ + kBetweenLooks) ForgetWhoIsFree(now);
    if (free_at_.size() >= kMostSources) return absl::OkStatus();
  }
  absl::Time& free_at = free_at_.try_emplace(source, now).first->second;
  const absl::Time asked = std::max(free_at, now) + kWindow / most_a_minute_;
  if (asked > now + kWindow) return TooManyQuestions(asked - (now + kWindow));
  free_at = asked;
  return absl::OkStatus();
}

void AskingLimit::ForgetWhoIsFree(absl::Time now) {
  looked_at_ = now;
  absl::erase_if(free_at_, [now](const auto& source) { return source.second <= now; });
}

}  // namespace usher::company
