#include "common/base/id.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"

namespace usher {
namespace id_test {

TEST(NewUuid, HasTheFormOfVersion7) {
  const std::string id = NewUuid();
  ASSERT_EQ(id.size(), 36u);
  EXPECT_EQ(id[14], '7');
  EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos) << id;
  EXPECT_EQ(CanonicalUuid(id), id);
}

TEST(NewUuid, BeginsWithTheTimeInMilliseconds) {
  const int64_t before = absl::ToUnixMillis(absl::Now());
  const std::string id = NewUuid();
  const int64_t after = absl::ToUnixMillis(absl::Now());
  int64_t millis = 0;
  ASSERT_TRUE(absl::SimpleHexAtoi(absl::StrReplaceAll(id.substr(0, 13), {{"-", ""}}), &millis));
  EXPECT_GE(millis, before);
  EXPECT_LE(millis, after + 1000);  // the counter may run ahead of the clock
}

TEST(NewUuid, SortsByAgeWithinOneMillisecond) {
  std::vector<std::string> ids;
  for (int i = 0; i < 20000; ++i) ids.push_back(NewUuid());
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
}

TEST(NewUuid, GivesEveryThreadAnotherOne) {
  std::vector<std::vector<std::string>> ids(4);
  std::vector<std::thread> threads;
  for (auto& mine : ids) {
    threads.emplace_back([&mine] {
      for (int i = 0; i < 2000; ++i) mine.push_back(NewUuid());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> all;
  for (const auto& mine : ids) {
    EXPECT_TRUE(std::is_sorted(mine.begin(), mine.end()));
    all.insert(mine.begin(), mine.end());
  }
  EXPECT_EQ(all.size(), 8000u);
}

TEST(CanonicalUuid, LowersUpperCase) {
  EXPECT_EQ(CanonicalUuid("0190A1B2-C3D4-7E5F-8A9B-0C1D2E3F4A5B"),
            "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b");
}

TEST(CanonicalUuid, TakesAnyVersion) {
  EXPECT_TRUE(CanonicalUuid("00000000-0000-0000-0000-000000000000").has_value());
  EXPECT_TRUE(CanonicalUuid("6ba7b810-9dad-11d1-80b4-00c04fd430c8").has_value());
}

TEST(CanonicalUuid, RefusesWhatIsNone) {
  for (const char* text :
       {"", "abc", "0190a1b2c3d47e5f8a9b0c1d2e3f4a5b", "{0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b}",
        "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5", "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5bc",
        "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5g", "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a-b",
        "0190a1b2_c3d4_7e5f_8a9b_0c1d2e3f4a5b", "0190a1b2c-3d4-7e5f-8a9b-0c1d2e3f4a5b",
        "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5\xc3"}) {
    EXPECT_FALSE(CanonicalUuid(text).has_value()) << text;
  }
  std::string with_nul = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
  with_nul[35] = '\0';
  EXPECT_FALSE(CanonicalUuid(with_nul).has_value());
}

TEST(IsCompanySlug, KnowsTheForm) {
  for (const char* good : {"abc", "a-b", "acme", "0-1-2", "007"}) {
    EXPECT_TRUE(IsCompanySlug(good)) << good;
  }
  EXPECT_TRUE(IsCompanySlug(std::string(63, 'a')));
  for (const char* bad :
       {"", "a", "ab", "-abc", "abc-", "a--b", "Abc", "a b", "a_b", "a.b", "caf\xc3\xa9"}) {
    EXPECT_FALSE(IsCompanySlug(bad)) << bad;
  }
  EXPECT_FALSE(IsCompanySlug(std::string(64, 'a')));
}

TEST(Id, IsNoneByDefault) {
  EXPECT_TRUE(UserId().empty());
  EXPECT_EQ(UserId("a"), UserId("a"));
  EXPECT_NE(UserId("a"), UserId("b"));
  EXPECT_LT(UserId("a"), UserId("b"));
}

}  // namespace id_test
}  // namespace usher
