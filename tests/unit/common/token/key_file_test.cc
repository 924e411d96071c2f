#include "common/token/key_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "tests/support/signed_token.h"
#include "tests/support/status_matchers.h"

namespace usher::token {
namespace key_file_test {

constexpr char kSeedHex[] = "0101010101010101010101010101010101010101010101010101010101010101";

class KeyFileTest : public ::testing::Test {
 protected:
  KeyFileTest() {
    std::string pattern = absl::StrCat(::testing::TempDir(), "/usher_key_file_XXXXXX");
    folder_ = mkdtemp(pattern.data());
  }
  ~KeyFileTest() override { std::filesystem::remove_all(folder_); }

  std::string Path(absl::string_view name) const { return absl::StrCat(folder_, "/", name); }
  std::string Write(absl::string_view name, absl::string_view content, mode_t mode = 0600) const {
    std::ofstream(Path(name), std::ios::binary) << content;
    EXPECT_EQ(chmod(Path(name).c_str(), mode), 0);
    return Path(name);
  }

  std::string folder_;
};

TEST_F(KeyFileTest, ComesBackAsItWasWritten) {
  const SigningKey key = MakeSigningKey(absl::FromUnixSeconds(1893456000));
  ASSERT_OK(WriteSigningKey(key, Path("a.key")));
  const auto loaded = LoadSigningKey(Path("a.key"));
  ASSERT_OK(loaded);
  EXPECT_EQ(loaded->key_id, key.key_id);
  EXPECT_EQ(loaded->not_before, key.not_before);
  EXPECT_EQ(loaded->public_key, key.public_key);
  EXPECT_TRUE(loaded->secret_key.EqualsConstantTime(key.secret_key.Reveal()));
}

TEST_F(KeyFileTest, IsReadableForItsOwnerOnly) {
  ASSERT_OK(WriteSigningKey(MakeSigningKey(absl::UnixEpoch()), Path("a.key")));
  struct stat facts {};
  ASSERT_EQ(stat(Path("a.key").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
}

TEST_F(KeyFileTest, IsNeverOverwritten) {
  const SigningKey key = AKey(1);
  ASSERT_OK(WriteSigningKey(key, Path("a.key")));
  EXPECT_THAT(WriteSigningKey(AKey(2), Path("a.key")), StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(LoadSigningKey(Path("a.key"))->key_id, key.key_id);
}

TEST_F(KeyFileTest, IsRefusedWhenOthersMayReadIt) {
  for (const mode_t mode : {0640u, 0604u, 0660u, 0644u, 0610u}) {
    const std::string path = Write("open.key", "anything", mode);
    EXPECT_THAT(LoadSigningKey(path), StatusIs(absl::StatusCode::kPermissionDenied)) << mode;
    EXPECT_THAT(LoadSecretFile(path), StatusIs(absl::StatusCode::kPermissionDenied)) << mode;
  }
}

TEST_F(KeyFileTest, HasFourLines) {
  const std::string good =
      absl::StrCat("usher-signing-key-v1\nid: 0001020304050601\nnot_before: 0\nseed: ", kSeedHex);
  const auto key = LoadSigningKey(Write("good.key", absl::StrCat(good, "\n")));
  ASSERT_OK(key);
  EXPECT_EQ(key->key_id, AKey(1).key_id);
  EXPECT_EQ(key->public_key, AKey(1).public_key);
  EXPECT_OK(LoadSigningKey(Write("no_end.key", good)));
}

TEST_F(KeyFileTest, IsRefusedWhenALineIsWrong) {
  const std::string id = "id: 0001020304050601\n";
  const std::string time = "not_before: 0\n";
  const std::string seed = absl::StrCat("seed: ", kSeedHex, "\n");
  const std::string first = "usher-signing-key-v1\n";
  for (const std::string& bad : std::vector<std::string>{
           "",
           first,
           absl::StrCat("usher-signing-key-v2\n", id, time, seed),
           absl::StrCat(first, time, id, seed),
           absl::StrCat(first, "id: 00010203040506\n", time, seed),
           absl::StrCat(first, "id: 000102030405060g\n", time, seed),
           absl::StrCat(first, id, "not_before: soon\n", seed),
           absl::StrCat(first, id, time, "seed: 01\n"),
           absl::StrCat(first, id, time, "seed: ", std::string(64, 'z'), "\n"),
           absl::StrCat(first, id, time, seed, "more\n"),
           absl::StrCat("\n", first, id, time, seed),
       }) {
    EXPECT_THAT(LoadSigningKey(Write("bad.key", bad)), StatusIs(absl::StatusCode::kInvalidArgument))
        << bad;
  }
}

TEST_F(KeyFileTest, DoesNotShowItsSeedWhenItIsRefused) {
  const std::string path = Write(
      "bad.key", absl::StrCat("usher-signing-key-v1\nid: 00\nnot_before: 0\nseed: ", kSeedHex));
  EXPECT_THAT(std::string(LoadSigningKey(path).status().message()),
              ::testing::Not(::testing::HasSubstr("010101")));
}

TEST_F(KeyFileTest, IsNotFoundWhereThereIsNone) {
  EXPECT_THAT(LoadSigningKey(Path("absent.key")), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(LoadSigningKeys(folder_), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(LoadSigningKeys(Path("absent")), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(KeyFileTest, AreLoadedByAgeAndByEnding) {
  ASSERT_OK(WriteSigningKey(AKey(1, absl::FromUnixSeconds(300)), Path("a.key")));
  ASSERT_OK(WriteSigningKey(AKey(2, absl::FromUnixSeconds(100)), Path("b.key")));
  ASSERT_OK(WriteSigningKey(AKey(3, absl::FromUnixSeconds(200)), Path("c.key")));
  Write("readme.txt", "not a key");
  const auto keys = LoadSigningKeys(folder_);
  ASSERT_OK(keys);
  ASSERT_EQ(keys->size(), 3u);
  EXPECT_EQ((*keys)[0].key_id, AKey(2).key_id);
  EXPECT_EQ((*keys)[1].key_id, AKey(3).key_id);
  EXPECT_EQ((*keys)[2].key_id, AKey(1).key_id);
}

TEST_F(KeyFileTest, OneBadKeyFailsAll) {
  ASSERT_OK(WriteSigningKey(AKey(1), Path("a.key")));
  Write("b.key", "nonsense");
  EXPECT_THAT(LoadSigningKeys(folder_), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(KeyFileTest, SecretFilesLoseTheirTrailingLineEnds) {
  EXPECT_EQ(LoadSecretFile(Write("pepper", "abc\r\n\n"))->Reveal(), "abc");
  EXPECT_EQ(LoadSecretFile(Write("pepper", " a\nb "))->Reveal(), " a\nb ");
}

TEST_F(KeyFileTest, SecretFilesArePlainAndSmall) {
  EXPECT_THAT(LoadSecretFile(Write("large", std::string(64 * 1024 + 1, 'x'))),
              StatusIs(absl::StatusCode::kInvalidArgument));
  std::filesystem::create_directory(Path("folder"));
  ASSERT_EQ(chmod(Path("folder").c_str(), 0700), 0);
  EXPECT_THAT(LoadSecretFile(Path("folder")), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(MakeSigningKey, MakesAnotherOneEveryTime) {
  const SigningKey one = MakeSigningKey(absl::UnixEpoch());
  const SigningKey other = MakeSigningKey(absl::UnixEpoch());
  EXPECT_NE(one.key_id, other.key_id);
  EXPECT_NE(one.public_key, other.public_key);
}

}  // namespace key_file_test
}  // namespace usher::token
