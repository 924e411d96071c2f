#include "services/auth/secret/pepper.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/try.h"
#include "common/token/key_file.h"

namespace usher::auth {
namespace {

constexpr size_t kKeySize = 32;
constexpr size_t kMostKeys = 255;  // IDs are one byte

bool IsHexKey(absl::string_view line) {
  return line.size() == 2 * kKeySize &&
         std::all_of(line.begin(), line.end(), [](char c) { return std::isxdigit(c & 0xff) != 0; });
}

}  // namespace

absl::StatusOr<Pepper> LoadPepper(const std::string& path) {
  ASSIGN_OR_RETURN(const Secret content, token::LoadSecretFile(path));
  Pepper pepper;
  for (const absl::string_view line : absl::StrSplit(content.Reveal(), '\n')) {
    if (!IsHexKey(line) || pepper.keys.size() == kMostKeys) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, " is not a pepper file: one key of 64 hex digits a line"));
    }
    std::string bytes = absl::HexStringToBytes(line);
    pepper.keys.emplace_back(bytes);
    WipeText(bytes);
  }
  return pepper;
}

absl::Status CreatePepperFile(const std::string& path) {
  const Secret key = Secret::Random(kKeySize);
  const Secret line(absl::StrCat(absl::BytesToHexString(key.Reveal()), "\n"));
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0 && errno == EEXIST) {
    return absl::AlreadyExistsError(absl::StrCat(path, " exists already"));
  }
  const bool written =
      file >= 0 &&
      write(file, line.Reveal().data(), line.size()) == static_cast<ssize_t>(line.size()) &&
      fsync(file) == 0;
  const int reason = errno;
  if (file >= 0) close(file);
  if (written) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot write ", path, ": ", strerror(reason)));
}

}  // namespace usher::auth
