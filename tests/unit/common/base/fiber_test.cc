#include "common/base/fiber.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"

#if defined(USHER_ADDRESS_SANITIZER)
#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>
#endif

namespace usher {
namespace fiber_test {

TEST(Fiber, RunsUntilItPausesAndThenOn) {
  std::vector<std::string> seen;
  Fiber fiber;
  fiber.Start([&] {
    seen.push_back("begins");
    Fiber::Running()->Pause();
    seen.push_back("goes on");
  });
  seen.push_back("outside");
  EXPECT_FALSE(fiber.ended());
  fiber.Resume();
  EXPECT_TRUE(fiber.ended());
  EXPECT_EQ(seen, (std::vector<std::string>{"begins", "outside", "goes on"}));
}

TEST(Fiber, KeepsItsLocalsWhileOthersRun) {
  constexpr int kFibers = 50;
  std::vector<std::unique_ptr<Fiber>> fibers;
  std::vector<std::string> kept(kFibers);
  for (int i = 0; i < kFibers; ++i) {
    fibers.push_back(std::make_unique<Fiber>());
    fibers.back()->Start([i, &kept] {
      std::string own = absl::StrCat("a text that is long enough for the heap, ", i);
      for (int round = 0; round < 3; ++round) {
        Fiber::Running()->Pause();
        absl::StrAppend(&own, " ", round);
      }
      kept[static_cast<size_t>(i)] = own;
    });
  }
  for (int round = 0; round < 3; ++round) {
    for (const auto& fiber : fibers) fiber->Resume();
  }
  for (int i = 0; i < kFibers; ++i) {
    EXPECT_EQ(kept[static_cast<size_t>(i)],
              absl::StrCat("a text that is long enough for the heap, ", i, " 0 1 2"));
  }
}

TEST(Fiber, RunsOneBodyAfterTheOther) {
  Fiber fiber;
  int sum = 0;
  for (int i = 0; i < 100; ++i) {
    fiber.Start([&sum, i] {
      if (i % 2 == 0) Fiber::Running()->Pause();
      sum += i;
    });
    if (!fiber.ended()) fiber.Resume();
  }
  EXPECT_EQ(sum, 4950);
}

TEST(Fiber, ThrowsAndCatchesOnItsOwnStack) {
  std::string caught;
  Fiber fiber;
  Fiber other;
  const auto body = [&caught](const std::string& name) {
    Fiber::Running()->Pause();
    try {
      throw std::runtime_error(name);
    } catch (const std::exception& exception) {
      absl::StrAppend(&caught, exception.what(), ";");
    }
    Fiber::Running()->Pause();
  };
  fiber.Start([&] { body("first"); });
  other.Start([&] { body("second"); });
  for (int i = 0; i < 2; ++i) {
    other.Resume();
    fiber.Resume();
  }
  EXPECT_TRUE(fiber.ended());
  EXPECT_TRUE(other.ended());
  EXPECT_EQ(caught, "second;first;");
}

#if defined(USHER_ADDRESS_SANITIZER)
// AddressSanitizer marks what is around each local, and takes the marks of all frames away when
// an exception passes: those of the stack that it takes for the thread's. (A frame of more than
// 64 KB is on the stack itself, whatever detect_stack_use_after_return says.)
[[gnu::noinline]] void ThrowOverALargeFrame(uintptr_t* mark) {
  volatile char frame[size_t{70} * 1024];
  frame[0] = 1;
  *mark = reinterpret_cast<uintptr_t>(frame) - 1;
  throw std::runtime_error("a large frame is passed");
}

TEST(Fiber, KeepsNoMarksOfFramesThatAnExceptionPassed) {
  uintptr_t mark = 0;
  Fiber fiber;
  fiber.Start([&mark] { EXPECT_THROW(ThrowOverALargeFrame(&mark), std::runtime_error); });
  ASSERT_NE(mark, 0U);
  EXPECT_FALSE(__asan_address_is_poisoned(reinterpret_cast<void*>(mark)));
}

// Whatever is on that memory next (another fiber, a thread) would be told of as faults that are
// none.
TEST(Fiber, LeavesNoMarksBehindWhenItIsGone) {
  constexpr uintptr_t kBytes = 4096;
  uintptr_t local = 0;
  {
    Fiber fiber;
    fiber.Start([&local] {
      volatile char here = 0;
      local =
          reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) + static_cast<uintptr_t>(here);
    });
  }
  ASSERT_NE(local, 0U);
  const uintptr_t page = local / kBytes * kBytes;
  EXPECT_EQ(__asan_region_is_poisoned(reinterpret_cast<void*>(page), kBytes), nullptr);
}

// Not sanitized: their locals are on the stack itself, not on what AddressSanitizer has in its
// place.
[[gnu::noinline, clang::no_sanitize("address")]] void PauseWithAPointer() {
  const auto* const of_fiber = new std::string(100, 'y');
  EXPECT_EQ(__lsan_do_recoverable_leak_check(), 0);
  Fiber::Running()->Pause();
  delete of_fiber;
}

[[gnu::noinline, clang::no_sanitize("address")]] void RunAFiberWithAPointer() {
  const auto* const of_thread = new std::string(100, 'x');
  Fiber fiber;
  fiber.Start(PauseWithAPointer);
  EXPECT_EQ(__lsan_do_recoverable_leak_check(), 0);
  fiber.Resume();
  delete of_thread;
}

TEST(Fiber, HidesNoPointersOfItsOwnOrOfItsThreadFromLeakSanitizer) {
  std::thread(RunAFiberWithAPointer).join();
}
#endif

TEST(Fiber, KnowsWhichOneRuns) {
  EXPECT_EQ(Fiber::Running(), nullptr);
  Fiber outer;
  Fiber inner;
  outer.Start([&] {
    EXPECT_EQ(Fiber::Running(), &outer);
    inner.Start([&] { EXPECT_EQ(Fiber::Running(), &inner); });
    EXPECT_EQ(Fiber::Running(), &outer);
  });
  EXPECT_EQ(Fiber::Running(), nullptr);
}

TEST(Fiber, ThatNeverRanCanBeThrownAway) { const Fiber fiber; }

TEST(Fiber, ThreadsHaveTheirOwn) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      Fiber fiber;
      for (int round = 0; round < 200; ++round) {
        int value = 0;
        fiber.Start([&value, &fiber] {
          EXPECT_EQ(Fiber::Running(), &fiber);
          Fiber::Running()->Pause();
          value = 1;
        });
        fiber.Resume();
        EXPECT_EQ(value, 1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(FiberDeathTest, ThatGoesBeyondItsStackEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  struct Recursion {
    static int Down(int levels) {
      volatile char frame[4096];
      frame[0] = static_cast<char>(levels);
      return levels == 0 ? 0 : Down(levels - 1) + frame[0];
    }
  };
  EXPECT_DEATH(
      {
        Fiber fiber;
        fiber.Start([] { Recursion::Down(1000000); });
      },
      "");
}

}  // namespace fiber_test
}  // namespace usher
