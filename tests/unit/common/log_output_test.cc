#include "common/base/log_output.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace usher::log {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

constexpr absl::Duration kPatience = absl::Seconds(30);

// A pipe whose reader reads when the test wants it to.
class LogOutputTest : public ::testing::Test {
 protected:
  LogOutputTest() {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("no pipe");
    reader_ = ends[0];
    // Lives as long as the process, and so does its end of the pipe.
    output_ =
        new Output(ends[1], [](uint64_t lines) { return absl::StrCat("dropped ", lines, "!"); });
  }
  ~LogOutputTest() override { close(reader_); }

  // Reads until `last` was read.
  std::string ReadUntil(const std::string& last) const {
    std::string read_so_far;
    char buffer[65536];
    while (read_so_far.find(last) == std::string::npos) {
      const ssize_t got = read(reader_, buffer, sizeof(buffer));
      if (got <= 0) break;
      read_so_far.append(buffer, static_cast<size_t>(got));
    }
    return read_so_far;
  }

  int reader_;
  Output* output_;
};

TEST_F(LogOutputTest, AnUrgentLineTakesWhatWaitsWithIt) {
  output_->Add("one", false);
  output_->Add("two", true);
  EXPECT_EQ(ReadUntil("two\n"), "one\ntwo\n");
}

TEST_F(LogOutputTest, ALineWaitsASecondAtMost) {
  output_->Add("one", false);
  EXPECT_EQ(ReadUntil("one\n"), "one\n");
}

// C6, F30
TEST_F(LogOutputTest, WhoeverLogsIsNotHeldUpByAReaderThatReadsNothing) {
  const std::string line(1000, 'x');
  constexpr int kLines = 10000;  // ten times what may wait
  for (int i = 0; i < kLines; ++i) output_->Add(line, false);
  EXPECT_GT(output_->dropped(), 0u);
  EXPECT_FALSE(output_->Flush(absl::Milliseconds(10)));

  output_->Add("an error", true);  // has its place behind all of them
  std::thread flusher([&] { EXPECT_TRUE(output_->Flush(kPatience)); });
  const std::string lines = ReadUntil("!\n");
  flusher.join();
  EXPECT_THAT(lines, HasSubstr("an error\n"));
  EXPECT_THAT(lines, EndsWith(absl::StrCat("\ndropped ", output_->dropped(), "!\n")));
  const auto whole = static_cast<uint64_t>(std::count(lines.begin(), lines.end(), '\n')) - 1;
  EXPECT_EQ(whole + output_->dropped(), kLines + 1u);
}

TEST_F(LogOutputTest, ItGoesOnWhenTheReaderDoes) {
  const std::string line(1000, 'x');
  while (output_->dropped() == 0) output_->Add(line, false);
  ReadUntil("!\n");
  output_->Add("afterwards", true);
  EXPECT_THAT(ReadUntil("afterwards\n"), EndsWith("afterwards\n"));
}

}  // namespace
}  // namespace usher::log
