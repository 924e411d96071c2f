#include "common/base/others_share.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace usher {
namespace {

// The kernel counts hundredths of a second.
constexpr absl::Duration kLongEnough = absl::Milliseconds(100);
constexpr absl::Duration kTooLong = absl::Seconds(1);

// The numbers of the first line, in this order; those behind them are parts of the first two.
enum CoreColumn {
  kUser,
  kNice,
  kSystem,
  kIdle,
  kDisk,
  kInterrupts,
  kSoftInterrupts,
  kStolen,
  kColumns
};

absl::Duration ComputedBy(clockid_t thread) {
  timespec so_far{};
  if (clock_gettime(thread, &so_far) != 0) return absl::ZeroDuration();
  return absl::DurationFromTimespec(so_far);
}

}  // namespace

std::optional<CoreTime> ParseCoreTime(absl::string_view stat) {
  stat = stat.substr(0, stat.find('\n'));
  if (!absl::ConsumePrefix(&stat, "cpu ")) return std::nullopt;
  const std::vector<absl::string_view> words = absl::StrSplit(stat, ' ', absl::SkipEmpty());
  if (words.size() < kColumns) return std::nullopt;
  std::array<uint64_t, kColumns> ticks{};
  uint64_t all = 0;
  for (size_t i = 0; i < kColumns; ++i) {
    if (!absl::SimpleAtoi(words[i], &ticks[i])) return std::nullopt;
    all += ticks[i];
  }
  const absl::Duration tick = absl::Seconds(1) / sysconf(_SC_CLK_TCK);
  const uint64_t busy = all - ticks[kIdle] - ticks[kDisk] - ticks[kStolen];
  return CoreTime{.busy = tick * static_cast<int64_t>(busy),
                  .all = tick * static_cast<int64_t>(all)};
}

std::optional<CoreTime> ReadCoreTime() {
  const int file = open("/proc/stat", O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  std::array<char, 256> beginning{};
  const ssize_t size = read(file, beginning.data(), beginning.size());
  close(file);
  if (size <= 0) return std::nullopt;
  return ParseCoreTime({beginning.data(), static_cast<size_t>(size)});
}

void OthersShare::LeaveOut() {
  clockid_t clock{};
  if (pthread_getcpuclockid(pthread_self(), &clock) != 0) return;
  const absl::MutexLock lock(&mutex_);
  left_out_.push_back(clock);
}

std::optional<double> OthersShare::OfLate() {
  const absl::MutexLock lock(&mutex_);
  const absl::Time now = clock_.Now();
  if (seen_.has_value() && now - seen_->when < kLongEnough) return std::nullopt;
  const std::optional<CoreTime> cores = look_();
  if (!cores.has_value()) return 0;
  const std::optional<Seen> before = seen_;
  seen_ = Seen{.when = now, .cores = *cores};
  for (const clockid_t thread : left_out_) seen_->left_out += ComputedBy(thread);
  if (!before.has_value() || now - before->when > kTooLong) return 0;
  const absl::Duration all = cores->all - before->cores.all;
  const absl::Duration others =
      cores->busy - before->cores.busy - (seen_->left_out - before->left_out);
  if (all <= absl::ZeroDuration()) return 0;
  return std::clamp(absl::FDivDuration(others, all), 0.0, 1.0);
}

}  // namespace usher
