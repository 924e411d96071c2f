#include "common/saga/failpoint.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "common/status/reply_error.h"

namespace usher::saga {

#ifdef USHER_FAILPOINTS

absl::Status Failpoint(absl::string_view name) {
  static const std::string* const wanted = [] {
    const char* const value = std::getenv("USHER_FAILPOINT");
    return new std::string(value == nullptr ? "" : value);
  }();
  absl::string_view deed = *wanted;
  if (!absl::ConsumePrefix(&deed, name) || !absl::ConsumePrefix(&deed, ":")) {
    return absl::OkStatus();
  }
  // Not through the log, whose thread would not come to it any more.
  std::fprintf(stderr, "{\"failpoint\":\"%s\"}\n", wanted->c_str());
  if (deed == "exit") std::_Exit(70);
  if (deed == "sleep") absl::SleepFor(absl::Seconds(2));
  return deed == "error" ? InDoubt("a failpoint") : absl::OkStatus();
}

#else

absl::Status Failpoint(absl::string_view /*name*/) { return absl::OkStatus(); }

#endif

}  // namespace usher::saga
