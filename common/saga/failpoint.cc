#include "common/saga/failpoint.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "common/status/reply_error.h"

namespace usher::saga {

#ifdef USHER_FAILPOINTS

namespace {

std::string FromEnvironment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// What `line` wants to be done at this place; empty: nothing.
std::string DeedAt(absl::string_view name, absl::string_view line) {
  const bool is_here = absl::ConsumePrefix(&line, name) && absl::ConsumePrefix(&line, ":");
  return is_here ? std::string(line) : "";
}

// Takes the first line out of the request's file, if it is for this place. A saga is in the hands
// of one thread at a time: no two take the same line.
std::string TakeDeed(const std::string& folder, absl::string_view name, absl::string_view request) {
  if (folder.empty() || request.empty() || absl::StrContains(request, "/")) return "";
  const std::string path = absl::StrCat(folder, "/", request);
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return "";
  const std::string deed = DeedAt(name, line);
  if (deed.empty()) return "";
  std::ostringstream rest;
  rest << file.rdbuf();
  if (rest.str().empty()) {
    std::remove(path.c_str());
    return deed;
  }
  // Not to be seen half written.
  const std::string fresh = path + ".fresh";
  std::ofstream(fresh) << rest.str();
  std::rename(fresh.c_str(), path.c_str());
  return deed;
}

}  // namespace

absl::Status Failpoint(absl::string_view name, const CallContext& call) {
  static const auto* const everybodys = new std::string(FromEnvironment("USHER_FAILPOINT"));
  static const auto* const folder = new std::string(FromEnvironment("USHER_FAILPOINTS"));
  std::string deed = DeedAt(name, *everybodys);
  if (deed.empty()) deed = TakeDeed(*folder, name, call.request_id);
  if (deed.empty()) return absl::OkStatus();
  // Not through the log, whose thread would not come to it any more.
  std::fprintf(stderr, "{\"failpoint\":\"%s:%s\"}\n", std::string(name).c_str(), deed.c_str());
  if (deed == "exit") std::_Exit(70);
  if (deed == "sleep") absl::SleepFor(absl::Seconds(5));
  return deed == "error" ? InDoubt("a failpoint") : absl::OkStatus();
}

#else

absl::Status Failpoint(absl::string_view /*name*/, const CallContext& /*call*/) {
  return absl::OkStatus();
}

#endif

}  // namespace usher::saga
