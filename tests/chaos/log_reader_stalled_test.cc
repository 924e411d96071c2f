// Standard output is a pipe whose reader holds it open and reads nothing.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/chaos/chaos_test_base.h"

namespace usher::chaos {
namespace log_reader_stalled_test {

// At --log_level=debug a call is a line of about 300 bytes: several times what a pipe and the
// server's own buffer hold (64 KiB each; pipe(7)).
constexpr int kCalls = 1200;
constexpr absl::Duration kLate = absl::Seconds(2);

class LogReaderStalledTest : public ChaosTest {
 protected:
  LogReaderStalledTest() {
    std::string pattern = "/tmp/usher_log_XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
    const std::string fifo = folder_ + "/log";
    mkfifo(fifo.c_str(), 0600);
    reader_ = open(fifo.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    chaos_.RestartWith("room", {"--longest_drain=1s"},
                       {"/bin/sh", "-c", "exec \"$@\" >\"$0\" 2>&1", fifo});
  }
  ~LogReaderStalledTest() override {
    close(reader_);
    std::filesystem::remove_all(folder_);
  }

  std::string folder_;
  int reader_ = -1;
};

TEST_F(LogReaderStalledTest, CallsAreAnsweredAndSigtermEndsTheServer) {
  const Caller caller(house_, absl::Seconds(3));
  for (int i = 0; i < kCalls; ++i) {
    const Answer answer = caller.Read("room");
    ASSERT_EQ(answer.told(), Told::kDone) << "call " << i << ": " << answer.Text();
  }
  house_.process("room").Signal(SIGTERM);
  EXPECT_TRUE(Await(absl::Seconds(6) + kLate, [this] {
    return !house_.process("room").IsRunning();
  })) << "it waits for its log";
}

}  // namespace log_reader_stalled_test
}  // namespace usher::chaos
