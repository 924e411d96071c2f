#include "common/base/secret.h"

#include <gtest/gtest.h>

#include <type_traits>
#include <utility>

namespace usher {
namespace secret_test {

using std::literals::string_literals::operator""s;

// Looks at what is left behind; short texts live inside the object, long ones on the heap.
constexpr char kShort[] = "pass word";

TEST(Secret, KeepsItsBytes) {
  const Secret secret("a\0b"s);
  EXPECT_EQ(secret.Reveal(), "a\0b"s);
  EXPECT_EQ(secret.size(), 3u);
  EXPECT_TRUE(Secret().empty());
}

TEST(Secret, LeavesNothingBehindWhenMoved) {
  Secret source(kShort);
  const Secret target(std::move(source));
  EXPECT_EQ(target.Reveal(), kShort);
  EXPECT_TRUE(source.empty());  // NOLINT: this is what is promised
  const std::string bytes(reinterpret_cast<const char*>(&source), sizeof(source));
  EXPECT_EQ(bytes.find("pass"), std::string::npos);
}

TEST(Secret, LeavesNothingBehindWhenMovedByAssignment) {
  Secret source(kShort);
  Secret target("old text");
  target = std::move(source);
  EXPECT_EQ(target.Reveal(), kShort);
  EXPECT_TRUE(source.empty());  // NOLINT: this is what is promised
  const std::string bytes(reinterpret_cast<const char*>(&source), sizeof(source));
  EXPECT_EQ(bytes.find("pass"), std::string::npos);
}

TEST(Secret, SurvivesAssignmentToItself) {
  Secret secret(kShort);
  Secret& same = secret;
  secret = same;
  EXPECT_EQ(secret.Reveal(), kShort);
  secret = std::move(same);
  EXPECT_EQ(secret.Reveal(), kShort);
}

TEST(Secret, CopiesAreIndependent) {
  Secret copy;
  {
    const Secret original("another text that does not fit into the object itself");
    copy = original;
  }
  EXPECT_EQ(copy.Reveal(), "another text that does not fit into the object itself");
}

TEST(Secret, CannotBePrinted) {
  EXPECT_FALSE((std::is_convertible_v<Secret, std::string>));
  EXPECT_FALSE((std::is_convertible_v<Secret, absl::string_view>));
}

TEST(Secret, ComparesByContent) {
  const Secret secret("correct horse");
  EXPECT_TRUE(secret.EqualsConstantTime("correct horse"));
  EXPECT_FALSE(secret.EqualsConstantTime("correct horsf"));
  EXPECT_FALSE(secret.EqualsConstantTime("borrect horse"));
  EXPECT_FALSE(secret.EqualsConstantTime("correct horse "));
  EXPECT_FALSE(secret.EqualsConstantTime("correct hors"));
  EXPECT_FALSE(secret.EqualsConstantTime(""));
  EXPECT_TRUE(Secret().EqualsConstantTime(""));
  EXPECT_FALSE(Secret("a\0b"s).EqualsConstantTime("a\0c"s));
}

TEST(Secret, RandomOnesDiffer) {
  const Secret one = Secret::Random(32);
  const Secret other = Secret::Random(32);
  EXPECT_EQ(one.size(), 32u);
  EXPECT_FALSE(one.EqualsConstantTime(other.Reveal()));
}

TEST(WipeText, OverwritesAndEmpties) {
  std::string text = kShort;
  const char* place = text.data();
  WipeText(text);
  EXPECT_TRUE(text.empty());
  for (size_t i = 0; i < sizeof(kShort) - 1; ++i) EXPECT_EQ(place[i], '\0') << i;
}

TEST(Base64Url, HasNoPaddingAndNoUrlCharacters) {
  EXPECT_EQ(Base64Url(""), "");
  EXPECT_EQ(Base64Url("f"), "Zg");
  EXPECT_EQ(Base64Url("fo"), "Zm8");
  EXPECT_EQ(Base64Url("foo"), "Zm9v");
  EXPECT_EQ(Base64Url("\xfb\xff\xfe"), "-__-");
}

}  // namespace secret_test
}  // namespace usher
