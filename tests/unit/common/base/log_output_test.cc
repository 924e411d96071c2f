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
namespace log_output_test {

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

  // Reads up to and with `last`.
  std::string ReadUntil(const std::string& last) {
    char buffer[65536];
    while (read_.find(last) == std::string::npos) {
      const ssize_t got = read(reader_, buffer, sizeof(buffer));
      if (got <= 0) return "";
      read_.append(buffer, static_cast<size_t>(got));
    }
    const size_t end = read_.find(last) + last.size();
    std::string text = read_.substr(0, end);
    read_.erase(0, end);
    return text;
  }

  int reader_;
  std::string read_;  // and not yet returned
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

TEST_F(LogOutputTest, WhoeverLogsIsNotHeldUpByAReaderThatReadsNothing) {
  const std::string line(1000, 'x');
  constexpr int kLines = 10000;  // ten times what may wait
  for (int i = 0; i < kLines; ++i) output_->Add(line, false);
  EXPECT_GT(output_->dropped(), 0u);
  EXPECT_FALSE(output_->Flush(absl::Milliseconds(10)));

  output_->Add("an error", true);  // has its place behind all of them
  std::thread flusher([&] { EXPECT_TRUE(output_->Flush(kPatience)); });
  std::string lines;
  uint64_t told = 0;
  uint64_t tellings = 0;  // one, or more where the writer was late
  while (told < output_->dropped()) {
    lines += ReadUntil("!\n");
    const size_t number = lines.rfind("dropped ") + 8;
    told += std::stoull(lines.substr(number));
    ++tellings;
  }
  if (lines.find("an error\n") == std::string::npos) lines += ReadUntil("an error\n");
  flusher.join();
  EXPECT_EQ(told, output_->dropped());
  EXPECT_THAT(lines, HasSubstr("an error\n"));
  const auto written = static_cast<uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
  EXPECT_EQ(written - tellings + told, kLines + 1u);
}

TEST_F(LogOutputTest, ItGoesOnWhenTheReaderDoes) {
  const std::string line(1000, 'x');
  while (output_->dropped() == 0) output_->Add(line, false);
  ReadUntil("!\n");
  output_->Add("afterwards", true);
  EXPECT_THAT(ReadUntil("afterwards\n"), EndsWith("afterwards\n"));
}

}  // namespace log_output_test
}  // namespace usher::log
