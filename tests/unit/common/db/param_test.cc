#include "common/db/param.h"

#include <gtest/gtest.h>

#include "common/db/json.h"
#include "tests/support/status_matchers.h"

namespace usher::db {
namespace param_test {

TEST(Param, TravelsAsText) {
  EXPECT_EQ(Param("a'b;--").text(), "a'b;--");
  EXPECT_EQ(Param(std::string("x")).text(), "x");
  EXPECT_EQ(Param("").text(), "");
  EXPECT_EQ(Param(true).text(), "true");
  EXPECT_EQ(Param(false).text(), "false");
  EXPECT_EQ(Param(int32_t{-7}).text(), "-7");
  EXPECT_EQ(Param(uint32_t{4294967295u}).text(), "4294967295");
  EXPECT_EQ(Param(INT64_MIN).text(), "-9223372036854775808");
  EXPECT_EQ(Param(UINT64_MAX).text(), "18446744073709551615");
}

TEST(Param, IsNullWhereThereIsNothing) {
  EXPECT_FALSE(Param(std::nullopt).text().has_value());
  EXPECT_FALSE(Param(UserId()).text().has_value());
  EXPECT_FALSE(Param(std::optional<std::string>()).text().has_value());
  EXPECT_FALSE(Param(std::optional<absl::Time>()).text().has_value());
  EXPECT_FALSE(Param(std::optional<UserId>(UserId())).text().has_value());
  EXPECT_EQ(Param(std::optional<int64_t>(3)).text(), "3");
  EXPECT_EQ(Param(CompanyId("acme")).text(), "acme");
}

TEST(Param, KeepsTimesToTheMicrosecond) {
  EXPECT_EQ(Param(absl::FromUnixMicros(1893456000123456)).text(), "2030-01-01T00:00:00.123456Z");
  EXPECT_EQ(Param(absl::UnixEpoch()).text(), "1970-01-01T00:00:00.000000Z");
}

TEST(Param, WritesBytesInHex) {
  using std::literals::string_literals::operator""s;
  EXPECT_EQ(Param::Bytes("\x00\xff'"s).text(), "\\x00ff27");
  EXPECT_EQ(Param::Bytes("").text(), "\\x");
}

TEST(Param, QuotesEveryElementOfAnArray) {
  EXPECT_EQ(Param::Array({}).text(), "{}");
  EXPECT_EQ(Param::Array({"a", "b"}).text(), R"({"a","b"})");
  EXPECT_EQ(Param::Array({""}).text(), R"({""})");
  EXPECT_EQ(Param::Array({"NULL", "{}", "a,b", " "}).text(), R"({"NULL","{}","a,b"," "})");
  EXPECT_EQ(Param::Array({R"(a"b)", R"(c\d)", R"(\")"}).text(), R"({"a\"b","c\\d","\\\""})");
}

TEST(Param, IdsAreAnArrayOfTheirTexts) {
  EXPECT_EQ(Param::Array(std::vector<UserId>()).text(), "{}");
  EXPECT_EQ(Param::Array(std::vector{CompanyId("acme"), CompanyId("beta")}).text(),
            R"({"acme","beta"})");
}

TEST(Json, ComesBackAsItWas) {
  const std::map<std::string, std::string> object = {{"", "empty key"},
                                                     {"empty value", ""},
                                                     {"quote", "\"'\\"},
                                                     {"lines", "a\nb\tc\r\x01\x7f"},
                                                     {"unicode", "Zo\u00eb \U0001f600 \u2028"},
                                                     {"html", "<script>&amp;"},
                                                     {"number", "1e3"},
                                                     {"json", R"({"a":[1,null]})"}};
  EXPECT_EQ(FromJson(ToJson(object)), object);
  EXPECT_EQ(ToJson({}), "{}");
  EXPECT_TRUE(FromJson("{}").empty());
}

TEST(Json, ReadsAnythingElseAsNothing) {
  for (const char* text : {"", "null", "[]", "\"a\"", "1", "{", "{\"a\":"}) {
    EXPECT_TRUE(FromJson(text).empty()) << text;
  }
}

TEST(Param, ANulIsAFaultAndNoEnd) {
  const std::vector<Param> params{"first", std::string("admin\0x", 7), std::nullopt};
  const auto values = ValuesOf(params, "find_user");
  EXPECT_THAT(values, StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(std::string(values.status().message()).find("admin"), std::string::npos);
}

TEST(Param, NullHasNoValue) {
  const std::vector<Param> params{"first", std::nullopt};
  const auto values = ValuesOf(params, "find_user");
  ASSERT_OK(values);
  EXPECT_STREQ((*values)[0], "first");
  EXPECT_EQ((*values)[1], nullptr);
}

}  // namespace param_test
}  // namespace usher::db
