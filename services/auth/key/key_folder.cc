#include "services/auth/key/key_folder.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status/try.h"

namespace usher::auth {
namespace {

constexpr absl::string_view kActive = ".key";
constexpr absl::string_view kRetired = ".retired";

// A folder that changes all the time is looked at once more in the next round.
constexpr int kMostLooks = 3;

// Different whenever it is another file or was written to; empty where it is not there.
std::string StateOf(const std::string& path) {
  struct stat file = {};
  if (stat(path.c_str(), &file) != 0) return "";
  return absl::StrCat(file.st_dev, " ", file.st_ino, " ", file.st_size, " ", file.st_mtim.tv_sec,
                      ".", file.st_mtim.tv_nsec, " ", file.st_ctim.tv_sec, ".",
                      file.st_ctim.tv_nsec);
}

}  // namespace

absl::StatusOr<KeyFolder> KeyFolder::Open(std::string folder) {
  KeyFolder opened(std::move(folder));
  RETURN_IF_ERROR(opened.Read());
  if (const std::string fault = opened.Fault(); !fault.empty()) {
    return absl::InvalidArgumentError(fault);
  }
  opened.keys_ = opened.KeysOfFiles();
  if (opened.keys_.active.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("no signing key (*.key) in ", opened.folder_));
  }
  return opened;
}

std::string KeyFolder::ReadAgain() {
  if (const absl::Status read = Read(); !read.ok()) return std::string(read.message());
  SigningKeys keys = KeysOfFiles();
  if (keys.active.empty()) {
    return absl::StrCat("no signing key (*.key) is left in ", folder_,
                        ": those from before go on; put one there");
  }
  keys_ = std::move(keys);
  return Fault();
}

absl::StatusOr<std::vector<std::string>> KeyFolder::List() const {
  std::vector<std::string> paths;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder_, error);
  const std::filesystem::directory_iterator end;
  while (!error && entry != end) {
    std::string path = entry->path().string();
    if (absl::EndsWith(path, kActive) || absl::EndsWith(path, kRetired)) {
      paths.push_back(std::move(path));
    }
    entry.increment(error);
  }
  if (error) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot read the folder ", folder_, ": ", error.message()));
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

absl::Status KeyFolder::Read() {
  ASSIGN_OR_RETURN(std::vector<std::string> paths, List());
  Files files;
  for (int look = 0; look < kMostLooks; ++look) {
    for (const std::string& path : paths) {
      const auto before = files_.find(path);
      const std::string state = StateOf(path);
      if (before != files_.end() && before->second.state == state) {
        files[path] = before->second;
        continue;
      }
      absl::StatusOr<token::SigningKey> key = token::LoadSigningKey(path);
      File file{.state = state, .key = std::nullopt, .fault = ""};
      if (key.ok()) {
        file.key = *std::move(key);
      } else {
        file.fault = std::string(key.status().message());
        if (before != files_.end()) file.key = before->second.key;
      }
      files[path] = std::move(file);
    }
    // A file that was renamed while the folder was read may have been seen under neither name.
    ASSIGN_OR_RETURN(std::vector<std::string> now, List());
    if (now == paths) break;
    paths = std::move(now);
    files.clear();
  }
  files_ = std::move(files);
  return absl::OkStatus();
}

std::string KeyFolder::Fault() const {
  for (const auto& [path, file] : files_) {
    if (!file.fault.empty()) return file.fault;
  }
  return "";
}

SigningKeys KeyFolder::KeysOfFiles() const {
  SigningKeys keys;
  for (const auto& [path, file] : files_) {
    if (!file.key.has_value() || !absl::EndsWith(path, kRetired)) continue;
    keys.retired.emplace(file.key->key_id, file.key->public_key);
  }
  // A key that is there under both endings is retired, and two copies are one key.
  std::set<token::KeyId> taken;
  for (const auto& [path, file] : files_) {
    if (!file.key.has_value() || !absl::EndsWith(path, kActive)) continue;
    const token::KeyId& id = file.key->key_id;
    if (keys.retired.count(id) == 0 && taken.insert(id).second) keys.active.push_back(*file.key);
  }
  std::sort(keys.active.begin(), keys.active.end(),
            [](const token::SigningKey& a, const token::SigningKey& b) {
              return a.not_before < b.not_before;
            });
  return keys;
}

}  // namespace usher::auth
