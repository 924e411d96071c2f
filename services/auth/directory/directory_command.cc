#include "services/auth/directory/directory_command.h"

#include <iostream>

#include "absl/flags/flag.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/id_wire.h"
#include "common/status/try.h"
#include "common/token/key_file.h"
#include "services/auth/directory/directory_diagnosis.h"
#include "services/auth/directory/directory_options.h"

ABSL_FLAG(std::string, check_directory, "",
          "Print, step by step, whether the directory of this company works, and exit. A user name "
          "may follow: whether it finds that user.");
ABSL_FLAG(std::string, check_directory_user, "", "The same user name, as a flag.");
ABSL_FLAG(std::string, check_directory_password_file, "",
          "File with that user's password (mode 0600): whether signing in works.");

namespace usher::auth {

std::vector<std::string> WithNamedUser(int argc, char** argv) {
  std::vector<std::string> words(argv, argv + argc);
  for (size_t at = 1; at + 1 < words.size(); ++at) {
    const bool apart = words[at] == "--check_directory";
    if (!apart && !absl::StartsWith(words[at], "--check_directory=")) continue;
    const size_t behind = at + (apart ? 2 : 1);
    if (behind < words.size() && !absl::StartsWith(words[behind], "--")) {
      words[behind] = absl::StrCat("--check_directory_user=", words[behind]);
    }
    break;
  }
  return words;
}

bool DirectoryCommandGiven() { return !absl::GetFlag(FLAGS_check_directory).empty(); }

absl::Status RunDirectoryCommand(const server::Options& /*options*/) {
  ASSIGN_OR_RETURN(const DirectoryOptions own, ReadDirectoryOptions());
  if (own.file.empty()) return absl::InvalidArgumentError("--check_directory takes --directories");
  ASSIGN_OR_RETURN(const std::vector<DirectorySettings> all, LoadDirectories(own.file));
  Secret password;
  const std::string file = absl::GetFlag(FLAGS_check_directory_password_file);
  if (!file.empty()) {
    const auto loaded = token::LoadSecretFile(file);
    if (!loaded.ok()) return absl::InvalidArgumentError(loaded.status().message());
    password = *loaded;
  }
  const auto company = ParseCompanyId(absl::GetFlag(FLAGS_check_directory));
  for (const DirectorySettings& settings : all) {
    if (settings.company != company) continue;
    return CheckDirectory(settings, absl::GetFlag(FLAGS_check_directory_user), password, std::cout);
  }
  return absl::InvalidArgumentError(absl::StrCat(own.file, " has no directory of company ",
                                                 absl::GetFlag(FLAGS_check_directory)));
}

}  // namespace usher::auth
