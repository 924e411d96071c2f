#include "services/auth/key/key_commands.h"

#include <fcntl.h>

#include <sstream>
#include <string>

#include "services/auth/key/key_folder.h"
#include "services/auth/key/key_watch.h"
#include "tests/support/key_files_test_base.h"

namespace usher::auth {
namespace key_commands_test {

using ::testing::HasSubstr;
using ::testing::Not;
using token::AKey;

constexpr char kFirst[] = "0001020304050601";

// Files have the times of the machine, and so have these tests.
class KeyCommandsTest : public KeyFilesTestBase {
 protected:
  KeyCommandsTest() {
    Put("1.key", AKey(1, now_ - absl::Hours(1000)));
    Age("1.key", absl::Hours(1000));
    Write(PepperPath(), Line('a'));
  }

  void Age(absl::string_view name, absl::Duration by) {
    const timespec then = absl::ToTimespec(now_ - by);
    const timespec times[] = {then, then};
    ASSERT_EQ(utimensat(AT_FDCWD, Path(name).c_str(), times, 0), 0);
  }
  absl::Status Retire(const std::string& id, bool compromised, absl::Duration later = {}) {
    return RetireSigningKey(places_, now_ + later, id, compromised, told_);
  }
  std::string AddedKey(absl::Duration ahead) {
    EXPECT_OK(AddSigningKey(places_, now_, ahead, told_));
    const auto folder = KeyFolder::Open(Folder());
    EXPECT_OK(folder);
    for (const token::SigningKey& key : folder->keys().active) {
      if (TextOf(key.key_id) != kFirst) return TextOf(key.key_id);
    }
    return "none";
  }
  std::string Listed(absl::Duration later = {}) {
    std::ostringstream listed;
    EXPECT_OK(ListKeys(places_, now_ + later, listed));
    return listed.str();
  }

  const absl::Time now_ = absl::Now();
  const KeyPlaces places_{Folder(), PepperPath(), absl::Hours(1)};
  std::ostringstream told_;
};

TEST_F(KeyCommandsTest, AKeyIsAddedWholeAndTakesOverWhenItIsDue) {
  const std::string id = AddedKey(absl::Hours(2));
  EXPECT_THAT(told_.str(), HasSubstr("made " + id));
  EXPECT_THAT(told_.str(), HasSubstr(absl::StrCat("--retire_key ", kFirst)));
  struct stat facts {};
  ASSERT_EQ(stat(Path(id + ".key").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  EXPECT_THAT(Listed(), ::testing::ContainsRegex(absl::StrCat(kFirst, " +signs  ")));
  EXPECT_THAT(Listed(), ::testing::ContainsRegex(id + " +signs from 20"));
  EXPECT_THAT(Listed(absl::Hours(3)),
              ::testing::ContainsRegex(absl::StrCat(kFirst, " +published, signs no more")));
  EXPECT_THAT(Listed(absl::Hours(3)), ::testing::ContainsRegex(id + " +signs  "));
}

TEST_F(KeyCommandsTest, AKeyIsRetiredOnceItsTokensHaveExpired) {
  EXPECT_THAT(Retire(kFirst, false), StatusIs(absl::StatusCode::kFailedPrecondition));
  AddedKey(absl::Hours(2));
  EXPECT_THAT(std::string(Retire(kFirst, false).message()), HasSubstr("no other key could sign"));
  EXPECT_THAT(std::string(Retire(kFirst, false, absl::Hours(2)).message()), HasSubstr("are good"));
  EXPECT_THAT(std::string(Retire(kFirst, false, absl::Hours(3)).message()), HasSubstr("are good"));
  EXPECT_OK(Retire(kFirst, false, absl::Hours(3) + absl::Minutes(2)));
  EXPECT_THAT(Listed(), ::testing::ContainsRegex(absl::StrCat(kFirst, " +retired")));
  EXPECT_THAT(Retire(kFirst, false), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(KeyCommandsTest, AKeyThatHasJustComeDoesNotCountAsTheOneThatTookOver) {
  AddedKey(absl::ZeroDuration());
  EXPECT_THAT(std::string(Retire(kFirst, false, absl::Seconds(1)).message()),
              HasSubstr("signs now"));
}

TEST_F(KeyCommandsTest, ALeakedKeyIsRetiredAtOnceButNeverTheOnlyOne) {
  EXPECT_THAT(Retire(kFirst, true), StatusIs(absl::StatusCode::kFailedPrecondition));
  AddedKey(absl::Hours(2));
  EXPECT_THAT(Retire(kFirst, true), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_OK(AddSigningKey(places_, now_, absl::ZeroDuration(), told_));
  EXPECT_OK(Retire(kFirst, true));
  const auto folder = KeyFolder::Open(Folder());
  ASSERT_OK(folder);
  EXPECT_EQ(folder->keys().active.size(), 2u);
  EXPECT_EQ(folder->keys().retired.size(), 1u);
}

TEST_F(KeyCommandsTest, APepperKeyIsAppendedAndSealsWhenItIsDue) {
  EXPECT_OK(AddPepperKey(places_, now_, absl::Hours(1), told_));
  EXPECT_THAT(told_.str(), HasSubstr("added pepper 2"));
  const auto file = ReadPepperFile(PepperPath());
  ASSERT_OK(file);
  ASSERT_EQ(file->size(), 2u);
  EXPECT_EQ((*file)[0].key.Reveal(), std::string(32, '\xaa'));
  EXPECT_EQ(Pepper(*file, now_).sealing(), 1u);
  EXPECT_EQ(Pepper(*file, now_ + absl::Hours(1)).sealing(), 2u);
  struct stat facts {};
  ASSERT_EQ(stat(PepperPath().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  EXPECT_THAT(Listed(), ::testing::ContainsRegex("pepper 1 +seals  "));
  EXPECT_THAT(Listed(), ::testing::ContainsRegex("pepper 2 +seals from 20"));
  EXPECT_THAT(Listed(absl::Hours(2)), ::testing::ContainsRegex("pepper 1 +opens"));
}

TEST_F(KeyCommandsTest, NothingIsDoneToABrokenFolderOrPepper) {
  Write(Path("2.key"), "half a key");
  EXPECT_THAT(AddSigningKey(places_, now_, absl::ZeroDuration(), told_),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Retire(kFirst, true), StatusIs(absl::StatusCode::kInvalidArgument));
  Write(PepperPath(), "half a key");
  EXPECT_THAT(AddPepperKey(places_, now_, absl::ZeroDuration(), told_),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(AddSigningKey(places_, now_, absl::Hours(-1), told_),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(told_.str(), "");
}

TEST_F(KeyCommandsTest, NoKeyIsEverPrinted) {
  AddedKey(absl::ZeroDuration());
  EXPECT_OK(AddPepperKey(places_, now_, absl::ZeroDuration(), told_));
  for (const std::string& text : {told_.str(), Listed()}) {
    EXPECT_THAT(text, Not(HasSubstr("0101010101")));
    EXPECT_THAT(text, Not(HasSubstr("aaaaaaaaaa")));
  }
}

}  // namespace key_commands_test
}  // namespace usher::auth
