#include "services/auth/key/key_folder.h"

#include "tests/support/key_files_test_base.h"

namespace usher::auth {
namespace key_folder_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using token::AKey;
using token::PublicKeysOf;

class KeyFolderTest : public KeyFilesTestBase {
 protected:
  KeyFolder Opened() {
    absl::StatusOr<KeyFolder> folder = KeyFolder::Open(Folder());
    EXPECT_OK(folder);
    return *std::move(folder);
  }
  static std::vector<uint8_t> Active(const KeyFolder& folder) {
    std::vector<uint8_t> numbers;
    for (const token::SigningKey& key : folder.keys().active) numbers.push_back(key.key_id.back());
    return numbers;
  }
};

TEST_F(KeyFolderTest, AKeyThatComesIsTakenAndOneThatGoesIsForgotten) {
  Put("a.key", AKey(1, absl::FromUnixSeconds(100)));
  KeyFolder folder = Opened();
  EXPECT_THAT(Active(folder), ElementsAre(1));
  Put("b.key", AKey(2, absl::FromUnixSeconds(50)));
  EXPECT_EQ(folder.ReadAgain(), "");
  EXPECT_THAT(Active(folder), ElementsAre(2, 1)) << "the oldest first";
  Remove("a.key");
  EXPECT_EQ(folder.ReadAgain(), "");
  EXPECT_THAT(Active(folder), ElementsAre(2));
}

TEST_F(KeyFolderTest, ARenamedKeyIsRetiredAndCanBeTakenBack) {
  Put("a.key", AKey(1));
  Put("b.key", AKey(2));
  KeyFolder folder = Opened();
  EXPECT_EQ(folder.keys().retired, PublicKeysOf({}));
  Rename("a.key", "a.retired");
  EXPECT_EQ(folder.ReadAgain(), "");
  EXPECT_THAT(Active(folder), ElementsAre(2));
  EXPECT_EQ(folder.keys().retired, PublicKeysOf({AKey(1)}));
  Rename("a.retired", "a.key");
  EXPECT_EQ(folder.ReadAgain(), "");
  EXPECT_THAT(Active(folder), ElementsAre(1, 2));
  EXPECT_EQ(folder.keys().retired, PublicKeysOf({}));
}

TEST_F(KeyFolderTest, AKeyThatIsThereUnderBothEndingsIsRetired) {
  Put("a.key", AKey(1));
  Put("b.key", AKey(2));
  Put("a.retired", AKey(1));
  Put("copy.key", AKey(2));
  EXPECT_THAT(Active(Opened()), ElementsAre(2));
}

TEST_F(KeyFolderTest, AHalfWrittenFileIsNotTakenUntilItIsWholeAndKeepsNothingElseFromIt) {
  Put("a.key", AKey(1));
  Put("c.key", AKey(3));
  KeyFolder folder = Opened();
  Write(Path("b.key"), "usher-signing-key-v1\nid: 00010203");
  Rename("c.key", "c.retired");
  EXPECT_THAT(folder.ReadAgain(), HasSubstr("b.key is not a signing key"));
  EXPECT_THAT(Active(folder), ElementsAre(1)) << "the other one is withdrawn all the same";
  Remove("b.key");
  Put("b.key", AKey(2));
  EXPECT_EQ(folder.ReadAgain(), "");
  EXPECT_THAT(Active(folder), ElementsAre(1, 2));
}

TEST_F(KeyFolderTest, AFileThatBreaksIsWhatItWas) {
  Put("a.key", AKey(1));
  Put("b.key", AKey(2));
  KeyFolder folder = Opened();
  Write(Path("a.key"), "");
  EXPECT_THAT(folder.ReadAgain(), HasSubstr("a.key"));
  EXPECT_THAT(Active(folder), ElementsAre(1, 2));
  chmod(Path("b.key").c_str(), 0644);
  folder.ReadAgain();
  EXPECT_THAT(Active(folder), ElementsAre(1, 2));
  Remove("a.key");
  EXPECT_THAT(folder.ReadAgain(), HasSubstr("b.key may be read by others"));
  EXPECT_THAT(Active(folder), ElementsAre(2)) << "one that has gone has gone";
}

TEST_F(KeyFolderTest, TheLastKeyGoesOn) {
  Put("a.key", AKey(1));
  KeyFolder folder = Opened();
  Rename("a.key", "a.retired");
  EXPECT_THAT(folder.ReadAgain(), HasSubstr("no signing key (*.key) is left in"));
  EXPECT_THAT(Active(folder), ElementsAre(1));
  std::filesystem::remove_all(Folder());
  EXPECT_THAT(folder.ReadAgain(), HasSubstr("cannot read the folder"));
  EXPECT_THAT(Active(folder), ElementsAre(1));
}

TEST_F(KeyFolderTest, WhatCannotWorkIsRefusedAtTheStart) {
  EXPECT_THAT(KeyFolder::Open(Folder()), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(KeyFolder::Open(Path("absent")), StatusIs(absl::StatusCode::kInvalidArgument));
  Put("a.key", AKey(1));
  EXPECT_OK(KeyFolder::Open(Folder()));
  Write(Path("b.retired"), "nonsense");
  EXPECT_THAT(KeyFolder::Open(Folder()), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace key_folder_test
}  // namespace usher::auth
