#include "services/auth/mail/mime.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/printable.h"

namespace usher::auth {
namespace {

constexpr absl::string_view kWordBegin = "=?UTF-8?B?";
constexpr absl::string_view kWordEnd = "?=";

// Words that mean nothing to any header, on one line.
bool IsHarmless(absl::string_view text, size_t column) {
  return column + text.size() <= kLongestMailLine && !text.empty() && text.front() != ' ' &&
         text.back() != ' ' && std::all_of(text.begin(), text.end(), [](char c) {
           return c == ' ' || c == '-' || absl::ascii_isalnum(static_cast<unsigned char>(c));
         });
}

// How many bytes of Base64 `bytes` become.
size_t Encoded(size_t bytes) { return (bytes + 2) / 3 * 4; }

void AppendEscape(char c, std::string* line) {
  absl::StrAppend(line, "=",
                  absl::AsciiStrToUpper(
                      absl::StrCat(absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2))));
}

// Collects lines of quoted-printable, breaking long ones softly.
class Lines {
 public:
  void Append(absl::string_view piece) {
    if (line_.size() + piece.size() > kLongestMailLine - 1) {
      absl::StrAppend(&text_, line_, "=\r\n");
      line_.clear();
    }
    absl::StrAppend(&line_, piece);
  }
  // At the beginning of a line a dot means something to SMTP: it is escaped there.
  void AppendDot() {
    Append(line_.empty() || line_.size() + 1 > kLongestMailLine - 1 ? "=2E" : ".");
  }
  void End() {
    // A blank before a line end would get lost on the way.
    if (absl::EndsWith(line_, " ") || absl::EndsWith(line_, "\t")) {
      const char blank = line_.back();
      line_.pop_back();
      std::string escaped;
      AppendEscape(blank, &escaped);
      Append(escaped);
    }
    absl::StrAppend(&text_, line_, "\r\n");
    line_.clear();
  }
  std::string Take() {
    if (!line_.empty()) End();
    return std::move(text_);
  }

 private:
  std::string text_;
  std::string line_;
};

}  // namespace

std::string HeaderText(absl::string_view text, size_t column) {
  if (IsHarmless(text, column)) return std::string(text);
  std::string header;
  std::string word;
  const auto finish = [&] {
    if (word.empty()) return;
    if (!header.empty()) absl::StrAppend(&header, "\r\n ");
    absl::StrAppend(&header, kWordBegin, absl::Base64Escape(word), kWordEnd);
    column = 1;  // of the next line
    word.clear();
  };
  while (!text.empty()) {
    // Characters are not torn apart: each word is decoded by itself.
    const Character character = FirstCharacter(text);
    const size_t room =
        kLongestMailLine - std::min<size_t>(column, 40) - kWordBegin.size() - kWordEnd.size();
    if (Encoded(word.size() + character.bytes) > room) finish();
    const bool shown = character.code_point >= 0 && !IsInvisible(character.code_point);
    absl::StrAppend(&word, shown || text.front() == ' ' ? text.substr(0, character.bytes) : "?");
    text.remove_prefix(character.bytes);
  }
  finish();
  return header;
}

std::string QuotedPrintable(absl::string_view text) {
  Lines lines;
  while (!text.empty()) {
    if (absl::ConsumePrefix(&text, "\r\n") || absl::ConsumePrefix(&text, "\n") ||
        absl::ConsumePrefix(&text, "\r")) {
      lines.End();
      continue;
    }
    const char c = text.front();
    text.remove_prefix(1);
    if (c != '=' && c != '.' && c >= ' ' && c <= '~') {
      lines.Append(absl::string_view(&c, 1));
    } else if (c == '.') {
      lines.AppendDot();
    } else {
      std::string escaped;
      AppendEscape(c, &escaped);
      lines.Append(escaped);
    }
  }
  return lines.Take();
}

std::string HtmlEscaped(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

}  // namespace usher::auth
