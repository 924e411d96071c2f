#include "common/db/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <utility>
#include <vector>

namespace usher::db {
namespace json_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::Pair;
using Object = std::map<std::string, std::string>;
using Entries = std::vector<std::pair<absl::string_view, absl::string_view>>;

// What the walk shows, or nothing when it says that the text is broken.
std::optional<Entries> Walk(absl::string_view json, std::list<std::string>* unescaped) {
  Entries entries;
  const bool read = WalkJson(json, unescaped, [&](absl::string_view key, absl::string_view value) {
    entries.emplace_back(key, value);
  });
  return read ? std::optional<Entries>(std::move(entries)) : std::nullopt;
}

TEST(Json, ComesBackAsItWas) {
  std::string every_ascii_character;
  for (char c = 0x01; c < 0x7f; ++c) every_ascii_character.push_back(c);
  for (const Object& object : std::vector<Object>{
           {},
           {{"", ""}},
           {{"key", "value"}},
           {{"a", "1"}, {"b", "2"}, {"c", "3"}},
           {{"quote\"", "back\\slash"}, {"/", "\\\""}},
           {{"lines", "one\ntwo\r\n\tthree\b\f"}},
           {{every_ascii_character, every_ascii_character}},
           {{"name", "Zo\xc3\xab \xe2\x82\xac \xf0\x9f\x99\x82"}},
           {{"no UTF-8", "\xff\x80"}},
           {{"zero", std::string("a\0b", 3)}},
           {{"like json", R"({"a":"b"},)"}},
           {{"long", std::string(100000, 'x')}},
       }) {
    EXPECT_EQ(FromJson(ToJson(object)), object) << ToJson(object).substr(0, 200);
  }
}

TEST(Json, IsWrittenInOneForm) {
  EXPECT_EQ(ToJson({}), "{}");
  EXPECT_EQ(ToJson({{"b", "2"}, {"a", "1"}}), R"({"a":"1","b":"2"})");
  EXPECT_EQ(ToJson({{"a\"b\\", "\n\x1f/"}}), R"({"a\"b\\":"\u000a\u001f/"})");
}

TEST(Json, IsReadAsPostgresqlWritesIt) {
  EXPECT_EQ(FromJson(R"({"a": "1", "b": "2"})"), (Object{{"a", "1"}, {"b", "2"}}));
  EXPECT_EQ(FromJson(R"({"a": "\b\f\n\r\t\"\\\/\u0001\u001f\u007f"})"),
            (Object{{"a", "\b\f\n\r\t\"\\/\x01\x1f\x7f"}}));
  EXPECT_EQ(FromJson(" {\n \"a\" :\t\"1\" } \r\n"), (Object{{"a", "1"}}));
}

TEST(Json, TheLastOfTwoEqualKeysCounts) {
  EXPECT_EQ(FromJson(R"({"a":"1","a":"2"})"), (Object{{"a", "2"}}));
}

TEST(Json, AWalkShowsEveryEntryInItsOrder) {
  std::list<std::string> unescaped;
  EXPECT_THAT(Walk(R"({"b": "1", "a\n": "2", "b": "\"3\""})", &unescaped),
              Optional(ElementsAre(Pair("b", "1"), Pair("a\n", "2"), Pair("b", "\"3\""))));
  EXPECT_THAT(Walk("{}", &unescaped), Optional(IsEmpty()));
}

TEST(Json, AWalkCopiesOnlyWhatHasEscapes) {
  const std::string json = R"({"plain": "also plain", "": "x\\y", "\u0041b\t": ""})";
  std::list<std::string> unescaped;
  const auto entries = Walk(json, &unescaped);
  ASSERT_TRUE(entries.has_value());
  EXPECT_THAT(unescaped, ElementsAre("x\\y", "Ab\t"));
  EXPECT_EQ(entries->at(0).first.data(), json.data() + json.find("plain"));
  EXPECT_EQ(entries->at(0).second.data(), json.data() + json.find("also"));
  EXPECT_EQ(entries->at(1).second.data(), unescaped.front().data());
  EXPECT_EQ(entries->at(2).first.data(), unescaped.back().data());
}

TEST(Json, AWalkSaysThatATextIsBrokenHoweverLateItBreaks) {
  std::list<std::string> unescaped;
  for (const char* text :
       {"", "x", "{", "{}x", R"({"a":"b"}x)", R"({"a":"b")", R"({"a":"b",})", R"({"a":"b","c":"d)",
        R"({"a":"b","c":1})", R"({"a\":"b"})", R"({"a":"\x"})", R"({"a":"\n\u00zz"})"}) {
    EXPECT_EQ(Walk(text, &unescaped), std::nullopt) << text;
  }
}

TEST(Json, ReadsAnythingElseAsEmpty) {
  for (const char* text : {
           "",
           " ",
           "null",
           "true",
           "1",
           "\"a\"",
           "[]",
           R"(["a"])",
           "{",
           "}",
           "{]",
           "{{}}",
           "{}}",
           "{} {}",
           "{}x",
           "{,}",
           R"({"a"})",
           R"({"a":})",
           R"({"a":"b")",
           R"({"a":"b",})",
           R"({,"a":"b"})",
           R"({"a":"b" "c":"d"})",
           R"({"a":"b";"c":"d"})",
           R"({"a" "b"})",
           R"({"a"="b"})",
           R"({a:"b"})",
           R"({'a':'b'})",
           R"({"a":1})",
           R"({"a":null})",
           R"({"a":true})",
           R"({"a":{}})",
           R"({"a":["b"]})",
           R"({"a":{"b":"c"}})",
       }) {
    EXPECT_THAT(FromJson(text), IsEmpty()) << text;
  }
}

TEST(Json, ReadsABrokenTextAsEmpty) {
  for (const char* text : {
           R"({"a)",
           R"({"a":"b)",
           R"({"a":"\)",
           R"({"a":"\"})",
           R"({"a":"\x"})",
           R"({"a":"\u"})",
           R"({"a":"\u00"})",
           R"({"a":"\u00zz"})",
           R"({"a":"\u-001"})",
           R"({"a":"\u 001"})",
           R"({"a":"\u0x1"})",
           R"({"a":"\u+001"})",
           R"({"a":"\u0080"})",
           R"({"a":"\ud83d\ude42"})",
           R"({"a":"\u004)",
       }) {
    EXPECT_THAT(FromJson(text), IsEmpty()) << text;
  }
}

TEST(Json, IsReadInATimeThatGrowsWithItsLength) {
  // What would bring down a parser that recurses, or that copies what is left.
  EXPECT_THAT(FromJson(std::string(1000000, '{')), IsEmpty());
  EXPECT_THAT(FromJson("{\"a\":" + std::string(1000000, '[')), IsEmpty());
  EXPECT_THAT(FromJson(std::string(1000000, ' ')), IsEmpty());
  std::string escapes = "{\"a\":\"";
  for (int i = 0; i < 100000; ++i) escapes += "\\\\";
  EXPECT_EQ(FromJson(escapes + "\"}"), (Object{{"a", std::string(100000, '\\')}}));
}

TEST(Json, EveryCutOfAnObjectReadsAsEmpty) {
  const std::string json = ToJson({{"key \"1\"", "a\nb"}, {"key 2", "\\"}});
  for (size_t size = 0; size < json.size(); ++size) {
    EXPECT_THAT(FromJson(json.substr(0, size)), IsEmpty()) << json.substr(0, size);
  }
}

}  // namespace json_test
}  // namespace usher::db
