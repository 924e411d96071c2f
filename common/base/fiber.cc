#include "common/base/fiber.h"

#include <boost/context/preallocated.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>
#include <memory>
#include <utility>

#if defined(USHER_ADDRESS_SANITIZER)
#include <pthread.h>
#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>
#endif
#if defined(USHER_THREAD_SANITIZER)
#include <sanitizer/tsan_interface.h>
#endif

namespace usher {
namespace {

// Memory is taken page by page as it is used. The lowest page is a guard: who goes beyond ends the
// process, and corrupts nobody's data.
#if defined(USHER_ADDRESS_SANITIZER) || defined(USHER_THREAD_SANITIZER)
constexpr size_t kStackSize = size_t{1024} * 1024;  // frames are several times as large
#else
constexpr size_t kStackSize = size_t{256} * 1024;
#endif

thread_local Fiber* running = nullptr;

#if defined(USHER_ADDRESS_SANITIZER)
// LeakSanitizer looks for pointers on the stack that a thread is on at the moment. The others are
// shown to it.
struct StackOfThread {
  StackOfThread() {
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
    pthread_attr_getstack(&attributes, &end, &size);
    pthread_attr_destroy(&attributes);
    __lsan_register_root_region(end, size);
  }
  ~StackOfThread() { __lsan_unregister_root_region(end, size); }

  void* end = nullptr;  // the lower one
  size_t size = 0;
};
#endif

class Stacks {
 public:
  boost::context::stack_context allocate() {
    boost::context::stack_context stack = stacks_.allocate();
#if defined(USHER_ADDRESS_SANITIZER)
    static thread_local const StackOfThread of_thread;
    // A fiber's outermost functions never return, and what else had these addresses may have left
    // marks as well.
    ASAN_UNPOISON_MEMORY_REGION(End(stack), stack.size);
    __lsan_register_root_region(End(stack), stack.size);
#endif
    return stack;
  }

  void deallocate(boost::context::stack_context& stack) noexcept {
#if defined(USHER_ADDRESS_SANITIZER)
    __lsan_unregister_root_region(End(stack), stack.size);
    ASAN_UNPOISON_MEMORY_REGION(End(stack), stack.size);
#endif
    stacks_.deallocate(stack);
  }

  static void* End(const boost::context::stack_context& stack) {
    return static_cast<char*>(stack.sp) - stack.size;
  }

 private:
  boost::context::protected_fixedsize_stack stacks_{kStackSize};
};

}  // namespace

Fiber::Fiber() {
  Stacks stacks;
  const boost::context::stack_context stack = stacks.allocate();
  own_.stack_size = stack.size;
  own_.stack_end = Stacks::End(stack);
#if defined(USHER_THREAD_SANITIZER)
  own_.thread_state = __tsan_create_fiber(0);
#endif
  fiber_ = boost::context::fiber(std::allocator_arg,
                                 boost::context::preallocated(stack.sp, stack.size, stack), stacks,
                                 [this](boost::context::fiber&& caller) {
                                   Arrive(own_, &caller_);
                                   caller_fiber_ = std::move(caller);
                                   Loop();
                                   Leave(own_, caller_, true);
                                   return std::move(caller_fiber_);
                                 });
}

Fiber::~Fiber() {
  ending_ = true;
  Resume();
#if defined(USHER_THREAD_SANITIZER)
  __tsan_destroy_fiber(own_.thread_state);
#endif
}

void Fiber::Start(std::function<void()> body) {
  body_ = std::move(body);
  ended_ = false;
  Resume();
}

void Fiber::Resume() {
  Fiber* const outer = std::exchange(running, this);
#if defined(USHER_THREAD_SANITIZER)
  caller_.thread_state = __tsan_get_current_fiber();
#endif
  Leave(caller_, own_, false);
  fiber_ = std::move(fiber_).resume();
  Arrive(caller_, nullptr);
  running = outer;
}

Fiber* Fiber::Running() { return running; }

void Fiber::Pause() {
  Leave(own_, caller_, false);
  caller_fiber_ = std::move(caller_fiber_).resume();
  Arrive(own_, &caller_);
}

void Fiber::Loop() {
  while (!ending_) {
    body_();
    body_ = nullptr;
    ended_ = true;
    Pause();
  }
}

// Before a switch, on the stack that is left. `for_good`: it will not be used again.
void Fiber::Leave([[maybe_unused]] Trace& from, [[maybe_unused]] const Trace& to,
                  [[maybe_unused]] bool for_good) {
#if defined(USHER_ADDRESS_SANITIZER)
  __sanitizer_start_switch_fiber(for_good ? nullptr : &from.fake_stack, to.stack_end,
                                 to.stack_size);
#endif
#if defined(USHER_THREAD_SANITIZER)
  __tsan_switch_to_fiber(to.thread_state, 0);
#endif
}

// After a switch, on the stack that was reached. `left`: learns about the one that was left.
void Fiber::Arrive([[maybe_unused]] const Trace& here, [[maybe_unused]] Trace* left) {
#if defined(USHER_ADDRESS_SANITIZER)
  const void* end = nullptr;
  size_t size = 0;
  __sanitizer_finish_switch_fiber(here.fake_stack, &end, &size);
  if (left != nullptr) {
    left->stack_end = end;
    left->stack_size = size;
  }
#endif
}

}  // namespace usher
