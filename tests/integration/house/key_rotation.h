// What the tests of keys that come and go have in common.
#pragma once

#include <filesystem>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/token/key_file.h"
#include "tests/support/house.h"

namespace usher::key_rotation {

namespace fs = std::filesystem;

inline constexpr absl::Duration kPatience = absl::Seconds(60);

inline std::string KeyIdOf(const std::string& token) {
  return absl::BytesToHexString(absl::string_view(token).substr(1, token::kKeyIdSize));
}

template <class Condition>
bool Within(absl::Duration patience, Condition condition) {
  const absl::Time until = absl::Now() + patience;
  while (!condition()) {
    if (absl::Now() > until) return false;
    absl::SleepFor(absl::Milliseconds(20));
  }
  return true;
}

// The key that the house has made is its only one, before and after.
class KeptFolder {
 public:
  explicit KeptFolder(const House& house) : folder_(house.KeyFolder()) {}
  ~KeptFolder() {
    for (const char* now : {"/1.retired", "/1.kept"}) {
      if (fs::exists(folder_ + now)) fs::rename(folder_ + now, folder_ + "/1.key");
    }
    for (const auto& entry : fs::directory_iterator(folder_)) {
      if (entry.path().filename() != "1.key") fs::remove(entry.path());
    }
  }
  const std::string& folder() const { return folder_; }

 private:
  const std::string folder_;
};

}  // namespace usher::key_rotation
