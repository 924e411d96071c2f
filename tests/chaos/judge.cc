#include "tests/chaos/judge.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/folders.h"

namespace usher::chaos {
namespace {

constexpr int kAttempts = 3;
constexpr int kTurns = 4;
constexpr absl::Duration kTurn = absl::Milliseconds(400);
constexpr absl::Duration kBetweenCalls = absl::Milliseconds(4);
constexpr absl::Duration kHopeless = absl::Seconds(2);  // a wait that no noise explains
constexpr absl::Duration kLongestSettling = absl::Seconds(5);
constexpr absl::Duration kNoise = absl::Milliseconds(25);

struct Answers {
  std::vector<absl::Duration> took;
  int failed = 0;
  std::string failure;  // one of them

  absl::Duration P99() {
    std::sort(took.begin(), took.end());
    return took.empty() ? absl::InfiniteDuration() : took[took.size() * 99 / 100];
  }
  absl::Duration Longest() const {
    return took.empty() ? absl::ZeroDuration() : *std::max_element(took.begin(), took.end());
  }
};

// Calls at fixed times, at least one. A call that is held up holds up those behind it: their waits
// count as well, as if another client had made each in time. Else a server that stands still for a
// second would cost one call of a thousand.
void AskFor(absl::Duration turn, const Ask& ask, Answers* answers) {
  const absl::Time until = absl::Now() + turn;
  absl::Time due = absl::Now();
  do {
    absl::SleepFor(due - absl::Now());
    const absl::Time begin = absl::Now();
    const grpc::Status status = ask();
    const absl::Time end = absl::Now();
    due = begin;
    do {
      answers->took.push_back(end - due);
      due += kBetweenCalls;
    } while (due < end);
    if (status.ok()) continue;
    ++answers->failed;
    answers->failure = absl::StrCat(status.error_code(), " ", status.error_message());
  } while (absl::Now() < until);
}

// Waits until what the trouble left behind in the servers is done with.
void Settle(const Ask& ask) {
  int fast = 0;
  const absl::Time until = absl::Now() + kLongestSettling;
  while (fast < 10 && absl::Now() < until) {
    const absl::Time begin = absl::Now();
    fast = ask().ok() && absl::Now() - begin < kNoise ? fast + 1 : 0;
  }
}

// A line of /proc/PID/status that is in kB; proc(5).
int64_t StatusLine(pid_t process, const std::string& name) {
  std::ifstream status(absl::StrCat("/proc/", process, "/status"));
  std::string line;
  while (std::getline(status, line)) {
    if (!absl::StartsWith(line, name + ":")) continue;
    std::istringstream fields(line.substr(name.size() + 1));
    int64_t kilobytes = 0;
    fields >> kilobytes;
    return kilobytes * 1024;
  }
  return 0;
}

}  // namespace

absl::Duration LengthOfTheStorm() {
  const char* text = std::getenv("USHER_CHAOS_SECONDS");
  int seconds = 0;
  return text != nullptr && absl::SimpleAtoi(text, &seconds) ? absl::Seconds(seconds)
                                                             : absl::Seconds(30);
}

Trouble::Trouble(int threads, absl::Duration period, std::function<void()> once) {
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this, period, once] {
      while (!ending_.load()) {
        const absl::Time next = absl::Now() + std::max(period, absl::Milliseconds(1));
        under_way_.fetch_add(1);
        if (on_.load()) {
          once();
          rounds_.fetch_add(1);
        }
        under_way_.fetch_sub(1);
        absl::SleepFor(next - absl::Now());
      }
    });
  }
}

void Trouble::Set(bool on) {
  on_.store(on);
  while (!on && under_way_.load() > 0) absl::SleepFor(absl::Milliseconds(1));
}

void Trouble::Stop() {
  ending_.store(true);
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

::testing::AssertionResult IsUndisturbed(const Ask& ask, const std::function<void(bool)>& trouble) {
  std::string seen;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    Answers quiet;
    Answers troubled;
    for (int turn = 0; turn < kTurns && troubled.Longest() < kHopeless; ++turn) {
      Settle(ask);
      AskFor(kTurn, ask, &quiet);
      trouble(true);
      AskFor(kTurn, ask, &troubled);
      trouble(false);
    }
    const absl::Duration bound = std::max(2 * quiet.P99(), kNoise);
    absl::StrAppend(&seen, "\n  quiet: ", quiet.took.size(), " calls, p99 ",
                    absl::FormatDuration(quiet.P99()), ", failed ", quiet.failed,
                    "; in trouble: ", troubled.took.size(), " calls, p99 ",
                    absl::FormatDuration(troubled.P99()), ", longest ",
                    absl::FormatDuration(troubled.Longest()), ", failed ", troubled.failed, " ",
                    troubled.failure);
    if (troubled.P99() <= bound && troubled.failed == 0) {
      return ::testing::AssertionSuccess() << seen;
    }
    if (troubled.Longest() >= kHopeless) break;
  }
  return ::testing::AssertionFailure() << seen;
}

bool Await(absl::Duration patience, const std::function<bool()>& holds) {
  const absl::Time until = absl::Now() + patience;
  while (!holds()) {
    if (absl::Now() > until) return false;
    absl::SleepFor(absl::Milliseconds(5));
  }
  return true;
}

int64_t MemoryOf(pid_t process) { return StatusLine(process, "VmRSS"); }

int64_t PeakMemoryOf(pid_t process) { return StatusLine(process, "VmHWM"); }

void ForgetPeak(pid_t process) {
  std::ofstream(absl::StrCat("/proc/", process, "/clear_refs")) << 5;
}

bool MemoryCanBeJudged() {
  const char* build = std::getenv("USHER_SERVER_BUILD");
  std::ifstream cache((build == nullptr ? BinaryFolder() : build) + "/CMakeCache.txt");
  std::string line;
  while (std::getline(cache, line)) {
    if (absl::StartsWith(line, "USHER_SANITIZE:")) return absl::EndsWith(line, "=");
  }
  return true;
}

::testing::AssertionResult GivesMemoryBack(pid_t process, int64_t before, int64_t bound,
                                           absl::Duration patience) {
  if (!MemoryCanBeJudged()) return ::testing::AssertionSuccess() << "sanitized: not judged";
  if (Await(patience, [&] { return MemoryOf(process) <= before + bound; })) {
    return ::testing::AssertionSuccess();
  }
  return ::testing::AssertionFailure()
         << "it had " << before / kMiB << " MiB before, " << PeakMemoryOf(process) / kMiB
         << " MiB at its highest, and holds " << MemoryOf(process) / kMiB << " MiB in the end";
}

}  // namespace usher::chaos
