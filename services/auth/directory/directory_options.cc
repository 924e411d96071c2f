#include "services/auth/directory/directory_options.h"

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"

ABSL_FLAG(std::string, directories, "",
          "File that says in which LDAP directory the people of which company are "
          "(docs/operations.md, \"Directories\"). Read again on SIGHUP. Empty: there are none.");
ABSL_FLAG(uint32_t, directory_threads, 32,
          "Threads that wait for directories; each takes as many of them as it has connections.");

namespace usher::auth {
namespace {

constexpr uint32_t kMostThreads = 1024;

}  // namespace

absl::StatusOr<DirectoryOptions> ReadDirectoryOptions() {
  DirectoryOptions options;
  options.file = absl::GetFlag(FLAGS_directories);
  const uint32_t threads = absl::GetFlag(FLAGS_directory_threads);
  if (threads == 0 || threads > kMostThreads) {
    return absl::InvalidArgumentError(
        absl::StrCat("--directory_threads must be between 1 and ", kMostThreads));
  }
  // Somebody has to say that there are none.
  options.threads = options.file.empty() ? 1 : threads;
  return options;
}

}  // namespace usher::auth
