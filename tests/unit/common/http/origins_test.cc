#include "common/http/origins.h"

#include <gtest/gtest.h>

namespace usher::http {
namespace origins_test {

TEST(OriginsTest, NobodyIsAllowedUnlessNamed) {
  EXPECT_FALSE(Origins().Allow("https://app.example.com"));
  const auto origins = Origins::Parse(" https://app.example.com , http://localhost:8080");
  ASSERT_TRUE(origins.ok()) << origins.status();
  EXPECT_TRUE(origins->Allow("https://app.example.com"));
  EXPECT_TRUE(origins->Allow("http://localhost:8080"));
  EXPECT_FALSE(origins->Allow("https://app.example.com:8443"));
  EXPECT_FALSE(origins->Allow("http://app.example.com"));
  EXPECT_FALSE(origins->Allow("null"));
  EXPECT_FALSE(origins->Allow(""));
}

TEST(OriginsTest, AStarIsEverybody) {
  const auto origins = Origins::Parse("*");
  ASSERT_TRUE(origins.ok());
  EXPECT_TRUE(origins->Allow("https://app.example.com"));
  EXPECT_FALSE(origins->Allow(""));  // no page asks
}

TEST(OriginsTest, WhatIsNoOriginIsRefused) {
  for (const char* list : {"app.example.com", "https://", "https://app.example.com/",
                           "https://App.example.com", "https://a b", "ftp://a"}) {
    EXPECT_FALSE(Origins::Parse(list).ok()) << list;
  }
}

}  // namespace origins_test
}  // namespace usher::http
