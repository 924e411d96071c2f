#include "tests/support/company_scope.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace usher {
namespace {

constexpr absl::string_view kColumn = "company_id";

bool IsWordCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '$';
}

// Words ("m.company_id", "$1") and signs, one character each; neither comments nor texts in quotes.
std::vector<std::string> Words(absl::string_view sql) {
  std::vector<std::string> words;
  while (!sql.empty()) {
    size_t size = 1;
    if (absl::StartsWith(sql, "--")) {
      size = std::min(sql.find('\n'), sql.size());
    } else if (sql.front() == '\'') {
      size = std::min(sql.find('\'', 1), sql.size() - 1) + 1;
    } else if (IsWordCharacter(sql.front())) {
      while (size < sql.size() && IsWordCharacter(sql[size])) ++size;
      words.emplace_back(sql.substr(0, size));
    } else if (!absl::ascii_isspace(static_cast<unsigned char>(sql.front()))) {
      words.emplace_back(1, sql.front());
    }
    sql.remove_prefix(size);
  }
  return words;
}

bool IsName(const std::string& word) {
  return !word.empty() && absl::ascii_islower(static_cast<unsigned char>(word[0]));
}

bool ComesBeforeATable(const std::string& word) {
  static const auto* const words =
      new std::set<std::string>{"FROM", "JOIN", "INTO", "UPDATE", "USING", "ONLY"};
  return words->count(word) > 0;
}

bool Contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// `at` is a company_id.
bool IsBound(const std::vector<std::string>& words, size_t at) {
  const auto word = [&words](size_t place) {
    return place < words.size() ? words[place] : std::string();
  };
  const bool inserted = at >= 3 && word(at - 1) == "(" && word(at - 3) == "INTO";
  const bool equal = word(at + 1) == "=" && absl::StartsWith(word(at + 2), "$");
  const bool one_of = word(at + 1) == "=" && word(at + 2) == "ANY" && word(at + 3) == "(" &&
                      absl::StartsWith(word(at + 4), "$");
  return inserted || equal || one_of;
}

bool IsBoundSomewhere(const std::vector<std::string>& words) {
  for (size_t at = 0; at < words.size(); ++at) {
    const bool company = words[at] == kColumn || absl::EndsWith(words[at], ".company_id");
    if (company && IsBound(words, at)) return true;
  }
  return false;
}

}  // namespace

std::string WrongCompanyScope(absl::string_view sql, const std::set<std::string>& tables) {
  const std::vector<std::string> words = Words(sql);
  bool touches_a_table = false;
  for (size_t at = 0; at + 1 < words.size(); ++at) {
    // "FROM a x, b y" as well.
    const bool in_list = words[at] == "," && tables.count(words[at + 1]) > 0 && at >= 2 &&
                         (tables.count(words[at - 1]) > 0 || tables.count(words[at - 2]) > 0);
    if (!ComesBeforeATable(words[at]) && !in_list) continue;
    const std::string& table = words[at + 1];
    if (tables.count(table) == 0) continue;
    touches_a_table = true;
    const bool has_alias = at + 2 < words.size() && IsName(words[at + 2]);
    const bool named = has_alias ? Contains(words, absl::StrCat(words[at + 2], ".", kColumn))
                                 : Contains(words, std::string(kColumn)) ||
                                       Contains(words, absl::StrCat(table, ".", kColumn));
    if (!named) return absl::StrCat("touches ", table, " without its company_id");
  }
  if (touches_a_table && !IsBoundSomewhere(words)) return "is bound to no company";
  return "";
}

}  // namespace usher
