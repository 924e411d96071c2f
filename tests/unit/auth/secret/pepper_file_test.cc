#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "common/base/id.h"
#include "services/auth/secret/pepper.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace pepper_file_test {

class PepperFileTest : public ::testing::Test {
 protected:
  PepperFileTest() : path_(::testing::TempDir() + "pepper-" + NewUuid()) {}
  ~PepperFileTest() override { std::remove(path_.c_str()); }
  void Write(const std::string& text, mode_t mode = 0600) {
    std::ofstream(path_) << text;
    chmod(path_.c_str(), mode);
  }
  const std::string path_;
};

TEST_F(PepperFileTest, AFileThatWasMadeIsLoaded) {
  ASSERT_OK(CreatePepperFile(path_));
  struct stat facts {};
  ASSERT_EQ(stat(path_.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  const auto pepper = LoadPepper(path_);
  ASSERT_OK(pepper);
  ASSERT_EQ(pepper->size(), 1u);
  EXPECT_EQ(pepper->first().size(), 32u);
  EXPECT_THAT(CreatePepperFile(path_), StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(PepperFileTest, WhatIsNoPepperFileIsRefused) {
  EXPECT_THAT(LoadPepper(path_), StatusIs(absl::StatusCode::kNotFound));
  const std::string key(64, 'a');
  for (const std::string& text :
       {std::string(), std::string("abc"), key + "a", key + "\n\n" + key, std::string(64, 'g')}) {
    Write(text);
    EXPECT_THAT(LoadPepper(path_), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
  Write(key + "\n" + key + "\n");
  EXPECT_EQ(LoadPepper(path_)->size(), 2u);
  Write(key, 0644);
  EXPECT_THAT(LoadPepper(path_), StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(PepperFileTest, ALineMayNameTheTimeFromWhichOnItSeals) {
  const std::string key(64, 'a');
  Write(key + "\n" + std::string(64, 'b') + " 1893456000\n");
  const auto keys = ReadPepperFile(path_);
  ASSERT_OK(keys);
  ASSERT_EQ(keys->size(), 2u);
  const absl::Time from = absl::FromUnixSeconds(1893456000);
  EXPECT_EQ(Pepper(*keys, from - absl::Seconds(1)).sealing(), 1u);
  EXPECT_EQ(Pepper(*keys, from).sealing(), 2u);
  for (const char* wrong : {" ", " soon", "1893456000", "  1893456000x"}) {
    Write(key + wrong);
    EXPECT_THAT(LoadPepper(path_), StatusIs(absl::StatusCode::kInvalidArgument)) << wrong;
  }
}

TEST(PepperTest, KeysAreOnlyEverAppended) {
  const std::vector<PepperKey> two = {{Secret("1"), absl::InfinitePast()},
                                      {Secret("2"), absl::InfinitePast()}};
  Pepper pepper(two, absl::Now());
  const Pepper copy = pepper;
  for (const std::vector<PepperKey>& wrong :
       {std::vector<PepperKey>(), std::vector<PepperKey>{two[0]},
        std::vector<PepperKey>{two[1], two[0]}, std::vector<PepperKey>{two[1], two[1], two[0]}}) {
    EXPECT_THAT(pepper.Extend(wrong, absl::Now()), StatusIs(absl::StatusCode::kInvalidArgument));
  }
  EXPECT_EQ(copy.size(), 2u);
  EXPECT_OK(pepper.Extend({two[0], two[1], two[0]}, absl::Now()));
  EXPECT_EQ(copy.size(), 3u) << "copies share it";
  EXPECT_EQ(copy.sealing(), 2u) << "not yet";
}

}  // namespace pepper_file_test
}  // namespace usher::auth
