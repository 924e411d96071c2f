#include "common/server/library_log.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>

#include <string>

#include "absl/base/attributes.h"
#include "absl/base/const_init.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/log.h"

namespace usher::server {
namespace {

constexpr int kMostPerSecond = 10;

// How many lines of the current second there were, and how many were left out since the last one.
struct Rate {
  int64_t second = 0;
  int lines = 0;
  uint64_t left_out = 0;
};

ABSL_CONST_INIT absl::Mutex mutex(absl::kConstInit);
Rate rate ABSL_GUARDED_BY(mutex);

// Whether one more line may be written; `left_out` is then how many were not since the last one.
bool TakeTurn(uint64_t* left_out) {
  const int64_t now = absl::ToUnixSeconds(absl::Now());
  const absl::MutexLock lock(&mutex);
  if (now != rate.second) {
    rate.second = now;
    rate.lines = 0;
  }
  if (++rate.lines > kMostPerSecond) {
    ++rate.left_out;
    return false;
  }
  *left_out = rate.left_out;
  rate.left_out = 0;
  return true;
}

void Say(absl::string_view library, absl::string_view file, int line, absl::string_view text) {
  uint64_t left_out = 0;
  const bool fatal = absl::StrContains(text, "assertion failed");  // the process ends next
  if (!TakeTurn(&left_out) && !fatal) return;
  const size_t slash = file.rfind('/');
  if (slash != absl::string_view::npos) file.remove_prefix(slash + 1);
  log::Warning("a library says", {{"library", library},
                                  {"place", absl::StrCat(file, ":", line)},
                                  {"text", text},
                                  {"left_out", absl::StrCat(left_out)}});
  if (fatal) log::Flush();
}

void OnGrpc(gpr_log_func_args* args) { Say("grpc", args->file, args->line, args->message); }

void OnProtobuf(google::protobuf::LogLevel level, const char* file, int line,
                const std::string& text) {
  if (level >= google::protobuf::LOGLEVEL_WARNING) Say("protobuf", file, line, text);
}

}  // namespace

void LogLibraries() {
  gpr_set_log_function(OnGrpc);
  google::protobuf::SetLogHandler(OnProtobuf);
}

}  // namespace usher::server
