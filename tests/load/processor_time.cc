#include "tests/load/processor_time.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace usher::load {

// By proc(5), stat, fields 14 and 15.
absl::Duration CpuOf(pid_t pid) {
  if (pid == 0) return absl::ZeroDuration();
  std::ifstream file(absl::StrCat("/proc/", pid, "/stat"));
  std::ostringstream content;
  content << file.rdbuf();
  const std::string text = content.str();
  const size_t name_end = text.rfind(')');  // the name may hold blanks
  if (name_end == std::string::npos) return absl::ZeroDuration();
  const std::vector<std::string> fields = absl::StrSplit(text.substr(name_end + 2), ' ');
  int64_t user = 0;
  int64_t system = 0;
  if (fields.size() < 13 || !absl::SimpleAtoi(fields[11], &user) ||
      !absl::SimpleAtoi(fields[12], &system)) {
    return absl::ZeroDuration();
  }
  return absl::Seconds(user + system) / sysconf(_SC_CLK_TCK);
}

absl::Duration OwnCpu() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return absl::DurationFromTimeval(usage.ru_utime) + absl::DurationFromTimeval(usage.ru_stime);
}

}  // namespace usher::load
