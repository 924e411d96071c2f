#include "common/server/unused_memory.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <vector>

#include "absl/time/clock.h"

namespace usher::server {
namespace {

int64_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  int64_t size = 0;
  int64_t resident = 0;
  file >> size >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

// S26
TEST(UnusedMemoryTest, IsGivenBackByAProcessThatHasNothingElseToDo) {
#if defined(__SANITIZE_ADDRESS__) || defined(USHER_THREAD_SANITIZER)
  GTEST_SKIP() << "the allocator is the sanitizer's";
#endif
  constexpr size_t kPiece = 1024;
  constexpr size_t kPieces = 96 * 1024;
  const int64_t before = ResidentBytes();
  std::vector<std::unique_ptr<char[]>> burst;
  for (size_t i = 0; i < kPieces; ++i) burst.push_back(std::make_unique<char[]>(kPiece));
  const std::unique_ptr<char[]> last = std::move(burst.back());  // else the allocator would itself
  burst.clear();
  ASSERT_GT(ResidentBytes(), before + static_cast<int64_t>(kPiece * kPieces) / 2)
      << "the allocator has given it back";
  UnusedMemory memory;
  const absl::Time until = absl::Now() + absl::Seconds(30);
  while (ResidentBytes() > before + 16 * 1024 * 1024 && absl::Now() < until) {
    memory.GiveBack();
    absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_LE(ResidentBytes(), before + 16 * 1024 * 1024);
}

}  // namespace
}  // namespace usher::server
