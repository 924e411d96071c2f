// ParseFlags of options.h: command line and environment into Abseil flags, with one clear line for
// whatever is wrong (Abseil's own parser exits with 1 and several).
#include <cstdlib>
#include <iostream>
#include <map>

#include "absl/flags/commandlineflag.h"
#include "absl/flags/reflection.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/server/options.h"
#include "common/status/try.h"

namespace usher::server {
namespace {

std::string EnvironmentName(absl::string_view flag) {
  return absl::StrCat("USHER_", absl::AsciiStrToUpper(flag));
}

std::map<std::string, absl::CommandLineFlag*> OurFlags() {
  std::map<std::string, absl::CommandLineFlag*> ours;
  for (const auto& [name, flag] : absl::GetAllFlags()) {
    if (IsOurSource(flag->Filename())) ours.emplace(std::string(name), flag);
  }
  return ours;
}

absl::Status SetFlag(absl::CommandLineFlag& flag, absl::string_view value,
                     absl::string_view shown_as) {
  std::string error;
  if (flag.ParseFrom(value, &error)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(shown_as, " does not take '", value, "'", error.empty() ? "" : ": ", error));
}

void PrintHelp(const std::string& service) {
  std::cout << "usher-" << service << " of usher (docs/operations.md)\n\n"
            << "Every flag can also be set in the environment, for example USHER_LISTEN.\n\n";
  for (const auto& [name, flag] : OurFlags()) {
    std::cout << "  --" << name << " (default: " << flag->DefaultValue() << ")\n      "
              << flag->Help() << "\n";
  }
  std::cout << "  --version (default: false)\n      print version and git revision, and exit\n";
}

absl::Status ReadEnvironment(const std::map<std::string, absl::CommandLineFlag*>& flags) {
  for (const auto& [name, flag] : flags) {
    const std::string variable = EnvironmentName(name);
    const char* value = std::getenv(variable.c_str());
    if (value != nullptr) RETURN_IF_ERROR(SetFlag(*flag, value, variable));
  }
  return absl::OkStatus();
}

// Sets the flag of argv[*at]; moves on when its value stands in the next word.
absl::Status ReadArgument(const std::map<std::string, absl::CommandLineFlag*>& flags, int argc,
                          char** argv, int* at) {
  absl::string_view word = argv[*at];
  if (!absl::ConsumePrefix(&word, "--")) {
    return absl::InvalidArgumentError(absl::StrCat("'", word, "' is no flag; see --help"));
  }
  const size_t equals = word.find('=');
  const std::string name(word.substr(0, equals));
  const auto found = flags.find(name);
  if (found == flags.end()) {
    return absl::InvalidArgumentError(absl::StrCat("there is no flag --", name, "; see --help"));
  }
  absl::CommandLineFlag& flag = *found->second;
  if (equals != absl::string_view::npos) {
    return SetFlag(flag, word.substr(equals + 1), absl::StrCat("--", name));
  }
  if (flag.IsOfType<bool>()) return SetFlag(flag, "true", absl::StrCat("--", name));
  if (*at + 1 >= argc) {
    return absl::InvalidArgumentError(absl::StrCat("--", name, " needs a value"));
  }
  return SetFlag(flag, argv[++*at], absl::StrCat("--", name));
}

}  // namespace

bool IsOurSource(absl::string_view path) {
  return !absl::StrContains(path, "absl/flags/") && !absl::StrContains(path, "absl/log/");
}

absl::Status ParseFlags(int argc, char** argv, const std::string& service) {
  const auto flags = OurFlags();
  for (int at = 1; at < argc; ++at) {
    if (absl::string_view(argv[at]) == "--help") {
      PrintHelp(service);
      return absl::CancelledError("help was asked for");
    }
  }
  RETURN_IF_ERROR(ReadEnvironment(flags));
  for (int at = 1; at < argc; ++at) RETURN_IF_ERROR(ReadArgument(flags, argc, argv, &at));
  return absl::OkStatus();
}

}  // namespace usher::server
