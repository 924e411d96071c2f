#include "common/base/log_output.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace usher::log {
namespace {

constexpr size_t kWriteAt = 64 * 1024;
constexpr size_t kKeptCapacity = 2 * kWriteAt;
constexpr std::chrono::seconds kLongestWait{1};  // in memory

}  // namespace

Output::Output(int descriptor, DescribeDropped describe_dropped)
    : descriptor_(descriptor), describe_dropped_(describe_dropped) {
  // Signals are for those who wait for them.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread([this] { WriteForEver(); }).detach();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void Output::Add(absl::string_view line, bool urgent) {
  bool wake = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (waiting_.size() + line.size() >= (urgent ? kMostUrgentWaiting : kMostWaiting)) {
      ++dropped_;
      return;
    }
    waiting_.append(line.data(), line.size());
    waiting_.push_back('\n');
    if (!wanted_ && (urgent || waiting_.size() >= kWriteAt)) wake = wanted_ = true;
  }
  if (wake) wake_.notify_one();
}

bool Output::Flush(absl::Duration patience) {
  std::unique_lock<std::mutex> lock(mutex_);
  wanted_ = true;
  wake_.notify_one();
  return written_.wait_for(lock, absl::ToChronoNanoseconds(patience), [this] {
    return waiting_.empty() && !writing_ && dropped_ == dropped_told_;
  });
}

uint64_t Output::dropped() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return dropped_;
}

void Output::WriteForEver() {
  std::string text;
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    wake_.wait_for(lock, kLongestWait, [this] { return wanted_; });
    wanted_ = false;
    if (waiting_.empty() && dropped_ == dropped_told_) {
      written_.notify_all();
      continue;
    }
    text.swap(waiting_);
    const uint64_t dropped = dropped_ - dropped_told_;
    dropped_told_ = dropped_;
    writing_ = true;
    lock.unlock();
    // They came after what waited.
    if (dropped > 0) text.append(describe_dropped_(dropped)).push_back('\n');
    WriteAll(text);
    text.clear();
    if (text.capacity() > kKeptCapacity) std::string().swap(text);
    lock.lock();
    writing_ = false;
    written_.notify_all();
  }
}

void Output::WriteAll(absl::string_view text) const {
  while (!text.empty()) {
    const ssize_t written = write(descriptor_, text.data(), text.size());
    if (written > 0) {
      text.remove_prefix(static_cast<size_t>(written));
    } else if (written < 0 && errno == EAGAIN) {  // somebody made it non-blocking
      pollfd ready = {descriptor_, POLLOUT, 0};
      poll(&ready, 1, -1);
    } else if (written == 0 || errno != EINTR) {
      return;  // nowhere to complain to; a full disk must not stop the service
    }
  }
}

}  // namespace usher::log
