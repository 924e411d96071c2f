#include "common/db/json.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

// By hand, not by protobuf's json_util: that takes 80,000 instructions for an object of two
// strings, and a list of rooms reads a hundred of them.
namespace usher::db {
namespace {

void AppendString(absl::string_view text, std::string* json) {
  json->push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json->push_back('\\');
      json->push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      constexpr char kHex[] = "0123456789abcdef";
      json->append("\\u00");
      json->push_back(kHex[c >> 4]);
      json->push_back(kHex[c & 0x0f]);
    } else {
      json->push_back(c);
    }
  }
  json->push_back('"');
}

bool IsHexDigit(char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); }

// What stands behind a backslash, as PostgreSQL writes it (escape_json in its json.c): \u for
// control characters only.
std::optional<char> TakeEscaped(absl::string_view* left) {
  if (left->empty()) return std::nullopt;
  const char kind = left->front();
  left->remove_prefix(1);
  switch (kind) {
    case '"':
    case '\\':
    case '/':
      return kind;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      break;
  }
  uint32_t code = 0;
  const absl::string_view digits = left->substr(0, 4);
  // SimpleHexAtoi would take signs, blanks and 0x.
  if (kind != 'u' || digits.size() < 4 || !std::all_of(digits.begin(), digits.end(), IsHexDigit) ||
      !absl::SimpleHexAtoi(digits, &code) || code >= 0x80) {
    return std::nullopt;
  }
  left->remove_prefix(4);
  return static_cast<char>(code);
}

// Up to the next character that is more than itself.
absl::string_view TakePlain(absl::string_view* left) {
  const auto* const end =
      std::find_if(left->begin(), left->end(), [](char c) { return c == '"' || c == '\\'; });
  const absl::string_view plain = left->substr(0, end - left->begin());
  left->remove_prefix(plain.size());
  return plain;
}

std::optional<absl::string_view> TakeString(absl::string_view* left,
                                            std::list<std::string>* unescaped) {
  if (!absl::ConsumePrefix(left, "\"")) return std::nullopt;
  const absl::string_view plain = TakePlain(left);
  if (absl::ConsumePrefix(left, "\"")) return plain;
  std::string text(plain);
  while (absl::ConsumePrefix(left, "\\")) {
    const std::optional<char> escaped = TakeEscaped(left);
    if (!escaped) return std::nullopt;
    text.push_back(*escaped);
    absl::StrAppend(&text, TakePlain(left));
  }
  if (!absl::ConsumePrefix(left, "\"")) return std::nullopt;
  return unescaped->emplace_back(std::move(text));
}

void SkipBlanks(absl::string_view* left) {
  while (!left->empty() && absl::ascii_isspace(static_cast<unsigned char>(left->front()))) {
    left->remove_prefix(1);
  }
}

bool Take(absl::string_view* left, absl::string_view sign) {
  SkipBlanks(left);
  const bool taken = absl::ConsumePrefix(left, sign);
  SkipBlanks(left);
  return taken;
}

}  // namespace

std::string ToJson(const std::map<std::string, std::string>& object) {
  std::string json = "{";
  for (const auto& [key, value] : object) {
    if (json.size() > 1) json.push_back(',');
    AppendString(key, &json);
    json.push_back(':');
    AppendString(value, &json);
  }
  json.push_back('}');
  return json;
}

bool WalkJson(absl::string_view json, std::list<std::string>* unescaped,
              absl::FunctionRef<void(absl::string_view, absl::string_view)> see) {
  if (!Take(&json, "{")) return false;
  if (Take(&json, "}")) return json.empty();
  do {
    const std::optional<absl::string_view> key = TakeString(&json, unescaped);
    if (!key || !Take(&json, ":")) return false;
    const std::optional<absl::string_view> value = TakeString(&json, unescaped);
    if (!value) return false;
    see(*key, *value);
  } while (Take(&json, ","));
  return Take(&json, "}") && json.empty();
}

std::map<std::string, std::string> FromJson(absl::string_view json) {
  std::map<std::string, std::string> object;
  std::list<std::string> unescaped;
  const bool read =
      WalkJson(json, &unescaped, [&object](absl::string_view key, absl::string_view value) {
        object.insert_or_assign(std::string(key), std::string(value));
      });
  if (!read) object.clear();
  return object;
}

}  // namespace usher::db
