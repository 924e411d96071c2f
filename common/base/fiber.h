// A piece of code on a stack of its own, which can stop in the middle and go on later.
#pragma once

#include <boost/context/fiber.hpp>
#include <functional>

namespace usher {

// Bodies run one after the other on the same stack. All on the thread that made the fiber. A body
// must not throw, and must not pause while it handles an exception (the C++ runtime counts those
// by thread).
class Fiber {
 public:
  Fiber();
  ~Fiber();  // not in the middle of a body
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Runs `body` until it pauses or ends. Only when the one before has ended.
  void Start(std::function<void()> body);
  // Runs the body on from where it paused, until it pauses again or ends.
  void Resume();
  bool ended() const { return ended_; }

  // The fiber whose body the caller is part of; nullptr outside of any.
  static Fiber* Running();
  // Returns to who started or resumed this fiber; returns when it is resumed.
  void Pause();

 private:
  void Loop();

  // Told to the sanitizers, which must know on which stack they are.
  struct Trace {
    void* fake_stack = nullptr;
    const void* stack_end = nullptr;  // the lower one
    size_t stack_size = 0;
    void* thread_state = nullptr;
  };
  static void Leave(Trace& from, const Trace& to, bool for_good);
  static void Arrive(const Trace& here, Trace* left);

  Trace own_;
  Trace caller_;
  std::function<void()> body_;
  bool ended_ = true;
  bool ending_ = false;
  boost::context::fiber fiber_;
  boost::context::fiber caller_fiber_;
};

}  // namespace usher
