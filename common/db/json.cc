#include "common/db/json.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
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

std::optional<std::string> TakeString(absl::string_view* left) {
  if (!absl::ConsumePrefix(left, "\"")) return std::nullopt;
  std::string text;
  while (true) {
    const size_t plain = left->find_first_of("\"\\");
    if (plain == absl::string_view::npos) return std::nullopt;
    text.append(left->data(), plain);
    const bool at_end = (*left)[plain] == '"';
    left->remove_prefix(plain + 1);
    if (at_end) return text;
    const std::optional<char> escaped = TakeEscaped(left);
    if (!escaped) return std::nullopt;
    text.push_back(*escaped);
  }
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

std::optional<std::map<std::string, std::string>> Parse(absl::string_view json) {
  std::map<std::string, std::string> object;
  if (!Take(&json, "{")) return std::nullopt;
  if (Take(&json, "}")) return object;
  do {
    std::optional<std::string> key = TakeString(&json);
    if (!key || !Take(&json, ":")) return std::nullopt;
    std::optional<std::string> value = TakeString(&json);
    if (!value) return std::nullopt;
    object.insert_or_assign(*std::move(key), *std::move(value));
  } while (Take(&json, ","));
  if (!Take(&json, "}") || !json.empty()) return std::nullopt;
  return object;
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

std::map<std::string, std::string> FromJson(absl::string_view json) {
  return Parse(json).value_or(std::map<std::string, std::string>());
}

}  // namespace usher::db
