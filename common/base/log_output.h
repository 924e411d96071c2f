// Where log lines go: a bounded buffer, and one thread that writes it to standard output.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace usher::log {

// Thread-safe. Never blocks who logs: what nobody reads in time (a pipe whose reader stands still)
// is dropped and counted. Lives as long as the process.
class Output {
 public:
  // Lines beyond these many bytes that wait are dropped; warnings and errors may go some way
  // further, so that they are not lost behind calls.
  static constexpr size_t kMostWaiting = 1024 * 1024;
  static constexpr size_t kMostUrgentWaiting = kMostWaiting + 256 * 1024;

  // Writes to `descriptor`. Says by way of `describe_dropped` how many lines were dropped: it gives
  // a whole line.
  using DescribeDropped = std::string (*)(uint64_t lines);
  Output(int descriptor, DescribeDropped describe_dropped);

  // Adds a line; `line` has no newline. An urgent one is written at once, with all that waits
  // before it; others within a second.
  void Add(absl::string_view line, bool urgent);

  // Waits until everything that was added is written, or has been dropped; false when that takes
  // longer than `patience`.
  bool Flush(absl::Duration patience);

  uint64_t dropped() const;

 private:
  void WriteForEver();
  void WriteAll(absl::string_view text) const;

  const int descriptor_;
  const DescribeDropped describe_dropped_;
  // A standard mutex: what logs may hold a lock of Abseil's, whose search for deadlocks logs.
  mutable std::mutex mutex_;
  std::condition_variable wake_;     // the writer, for something to write
  std::condition_variable written_;  // who flushes
  std::string waiting_;
  bool wanted_ = false;   // it shall be written now
  bool writing_ = false;  // the writer is at it
  uint64_t dropped_ = 0;
  uint64_t dropped_told_ = 0;  // of them, those of which a line told
};

}  // namespace usher::log
