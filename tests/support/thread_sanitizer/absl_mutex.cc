// Shows absl::Mutex to ThreadSanitizer. Debian's Abseil is built without it, and its locks are
// futexes: unseen, every state behind one would look like a race. What is defined here takes the
// place of the library's functions in the whole process, gRPC's calls included (the dynamic linker
// prefers the program's symbols), and calls them. Of the -fsanitize=thread build only.
#include <absl/synchronization/mutex.h>
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/base/options.h"

#define USHER_STRING_OF(text) #text
#define USHER_NAME_OF(macro) USHER_STRING_OF(macro)

namespace {

// The library's own function. `rest` is its mangled name (Itanium C++ ABI) behind absl::debian3.
template <class Function>
Function* Real(const char* rest) {
  const std::string space = USHER_NAME_OF(ABSL_OPTION_INLINE_NAMESPACE_NAME);
  const std::string name = "_ZN4absl" + std::to_string(space.size()) + space + rest;
  void* found = dlsym(RTLD_NEXT, name.c_str());
  if (found == nullptr) {
    std::fprintf(stderr, "no %s in the libraries: is Abseil linked statically?\n", name.c_str());
    std::abort();
  }
  return reinterpret_cast<Function*>(found);
}

constexpr unsigned kWrite = 0;
constexpr unsigned kRead = __tsan_mutex_read_lock;

// The library's functions call each other through here as well: only the outermost one is shown.
thread_local bool inside = false;

class Inside {
 public:
  Inside() { inside = true; }
  ~Inside() { inside = false; }
};

template <class Function, class... Arguments>
auto Locking(absl::Mutex* mutex, unsigned how, Function real, Arguments... arguments) {
  if (inside) return real(mutex, arguments...);
  const Inside here;
  __tsan_mutex_pre_lock(mutex, how);
  if constexpr (std::is_void_v<decltype(real(mutex, arguments...))>) {
    real(mutex, arguments...);
    __tsan_mutex_post_lock(mutex, how, 0);
  } else {
    const auto result = real(mutex, arguments...);
    __tsan_mutex_post_lock(mutex, how, 0);
    return result;
  }
}

// Waiting gives the lock away and takes it again.
void GiveAway(absl::Mutex* mutex) {
  if (inside) return;
  __tsan_mutex_pre_unlock(mutex, kWrite);
  __tsan_mutex_post_unlock(mutex, kWrite);
}

// For the waits of a CondVar, of which `mutex` is the second argument.
template <class Function, class... Arguments>
auto Waiting(absl::CondVar* variable, absl::Mutex* mutex, Function real, Arguments... arguments) {
  const auto wait = [=](absl::Mutex* given) { return real(variable, given, arguments...); };
  GiveAway(mutex);
  return Locking(mutex, kWrite, wait);
}

template <class Function>
bool Trying(absl::Mutex* mutex, unsigned how, Function real) {
  if (inside) return real(mutex);
  const Inside here;
  how |= __tsan_mutex_try_lock;
  __tsan_mutex_pre_lock(mutex, how);
  const bool locked = real(mutex);
  __tsan_mutex_post_lock(mutex, locked ? how : how | __tsan_mutex_try_lock_failed, 0);
  return locked;
}

template <class Function>
void Unlocking(absl::Mutex* mutex, unsigned how, Function real) {
  if (inside) return real(mutex);
  const Inside here;
  __tsan_mutex_pre_unlock(mutex, how);
  real(mutex);
  __tsan_mutex_post_unlock(mutex, how);
}

}  // namespace

namespace absl {
ABSL_NAMESPACE_BEGIN

void Mutex::Lock() {
  static auto* const real = Real<void(Mutex*)>("5Mutex4LockEv");
  Locking(this, kWrite, real);
}
void Mutex::Unlock() {
  static auto* const real = Real<void(Mutex*)>("5Mutex6UnlockEv");
  Unlocking(this, kWrite, real);
}
bool Mutex::TryLock() {
  static auto* const real = Real<bool(Mutex*)>("5Mutex7TryLockEv");
  return Trying(this, kWrite, real);
}
void Mutex::ReaderLock() {
  static auto* const real = Real<void(Mutex*)>("5Mutex10ReaderLockEv");
  Locking(this, kRead, real);
}
void Mutex::ReaderUnlock() {
  static auto* const real = Real<void(Mutex*)>("5Mutex12ReaderUnlockEv");
  Unlocking(this, kRead, real);
}
bool Mutex::ReaderTryLock() {
  static auto* const real = Real<bool(Mutex*)>("5Mutex13ReaderTryLockEv");
  return Trying(this, kRead, real);
}

void Mutex::LockWhen(const Condition& condition) {
  static auto* const real =
      Real<void(Mutex*, const Condition*)>("5Mutex8LockWhenERKNS0_9ConditionE");
  Locking(this, kWrite, real, &condition);
}
bool Mutex::LockWhenWithTimeout(const Condition& condition, Duration patience) {
  static auto* const real = Real<bool(Mutex*, const Condition*, Duration)>(
      "5Mutex19LockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  return Locking(this, kWrite, real, &condition, patience);
}
bool Mutex::LockWhenWithDeadline(const Condition& condition, Time deadline) {
  static auto* const real = Real<bool(Mutex*, const Condition*, Time)>(
      "5Mutex20LockWhenWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  return Locking(this, kWrite, real, &condition, deadline);
}

void Mutex::Await(const Condition& condition) {
  static auto* const real = Real<void(Mutex*, const Condition*)>("5Mutex5AwaitERKNS0_9ConditionE");
  GiveAway(this);
  Locking(this, kWrite, real, &condition);
}
bool Mutex::AwaitWithTimeout(const Condition& condition, Duration patience) {
  static auto* const real = Real<bool(Mutex*, const Condition*, Duration)>(
      "5Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  GiveAway(this);
  return Locking(this, kWrite, real, &condition, patience);
}
bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  static auto* const real = Real<bool(Mutex*, const Condition*, Time)>(
      "5Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  GiveAway(this);
  return Locking(this, kWrite, real, &condition, deadline);
}

void CondVar::Wait(Mutex* mutex) {
  static auto* const real = Real<void(CondVar*, Mutex*)>("7CondVar4WaitEPNS0_5MutexE");
  Waiting(this, mutex, real);
}
bool CondVar::WaitWithTimeout(Mutex* mutex, Duration patience) {
  static auto* const real = Real<bool(CondVar*, Mutex*, Duration)>(
      "7CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
  return Waiting(this, mutex, real, patience);
}
bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  static auto* const real =
      Real<bool(CondVar*, Mutex*, Time)>("7CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE");
  return Waiting(this, mutex, real, deadline);
}

ABSL_NAMESPACE_END
}  // namespace absl
