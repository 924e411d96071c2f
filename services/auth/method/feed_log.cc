#include "services/auth/method/feed_log.h"

#include <algorithm>

#include "common/status/reply_error.h"

namespace usher::auth {

void FeedLog::Append(const std::vector<token::Revocation>& rows) {
  const absl::MutexLock lock(&mutex_);
  for (const token::Revocation& row : rows) {
    if (rows_.empty() || rows_.back().sequence < row.sequence) rows_.push_back(row);
  }
}

void FeedLog::Forget(absl::Time horizon) {
  const absl::MutexLock lock(&mutex_);
  for (size_t i = 0; i < kLargestPage; ++i) {
    if (rows_.empty() || rows_.front().issued_until >= horizon) return;
    rows_.pop_front();
  }
}

absl::StatusOr<rpc::FeedPage> FeedLog::After(int64_t sequence) const {
  // Before the rows are looked at: they are not older than this says.
  const absl::Duration age = state_.age();
  if (age == absl::InfiniteDuration()) return Unreachable("the database");
  rpc::FeedPage page;
  page.age = age;
  const absl::MutexLock lock(&mutex_);
  const auto first = std::upper_bound(
      rows_.begin(), rows_.end(), sequence,
      [](int64_t after, const token::Revocation& row) { return after < row.sequence; });
  const size_t left = static_cast<size_t>(rows_.end() - first);
  const size_t size = std::min(left, kLargestPage);
  page.revocations.assign(first, first + static_cast<std::ptrdiff_t>(size));
  page.more = left > size;
  return page;
}

}  // namespace usher::auth
