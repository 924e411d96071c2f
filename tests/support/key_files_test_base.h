// A folder of signing keys and a pepper, for tests that change them.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/auth/secret/pepper.h"
#include "tests/support/signed_token.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {

class KeyFilesTestBase : public ::testing::Test {
 protected:
  KeyFilesTestBase() {
    std::string pattern = absl::StrCat(::testing::TempDir(), "/usher_keys_XXXXXX");
    folder_ = mkdtemp(pattern.data());
    std::filesystem::create_directory(Folder());
  }
  ~KeyFilesTestBase() override { std::filesystem::remove_all(folder_); }

  std::string Folder() const { return folder_ + "/keys"; }
  std::string PepperPath() const { return folder_ + "/pepper"; }
  std::string Path(absl::string_view name) const { return absl::StrCat(Folder(), "/", name); }

  void Put(absl::string_view name, const token::SigningKey& key) const {
    ASSERT_OK(token::WriteSigningKey(key, Path(name)));
  }
  void Rename(absl::string_view from, absl::string_view to) const {
    std::filesystem::rename(Path(from), Path(to));
  }
  void Remove(absl::string_view name) const { std::filesystem::remove(Path(name)); }
  static void Write(const std::string& path, absl::string_view content) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
    ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  }
  // A line of the pepper: 64 times this hex digit.
  static std::string Line(char digit) { return std::string(64, digit) + "\n"; }

 private:
  std::string folder_;
};

}  // namespace usher::auth
