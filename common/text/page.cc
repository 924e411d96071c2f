#include "common/text/page.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace usher::text {
namespace {

constexpr size_t kLongestPage = 1024;  // bytes
constexpr size_t kLongestHost = 253;
constexpr absl::string_view kScheme = "https://";

// What may stand in path, query and fragment (RFC 3986, without what is quoted in HTML).
bool IsPlain(char c) {
  return IsUnreserved(c) || absl::StrContains("/:?#[]@!$&()*+,;=%", absl::string_view(&c, 1));
}

bool IsHost(absl::string_view host) {
  if (host.empty() || host.size() > kLongestHost) return false;
  for (const absl::string_view label : absl::StrSplit(host, '.')) {
    if (label.empty() || label.size() > 63) return false;
    for (const char c : label) {
      if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '-') return false;
    }
  }
  return true;
}

// Percent signs begin an escape, and none hides a slash, a backslash, a dot or a control.
bool EscapesAreHarmless(absl::string_view text) {
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') continue;
    int value = 0;
    if (at + 2 >= text.size() || !absl::SimpleHexAtoi(text.substr(at + 1, 2), &value) ||
        !absl::ascii_isxdigit(static_cast<unsigned char>(text[at + 1]))) {
      return false;
    }
    if (value < 0x20 || value == 0x7f || value == '/' || value == '\\' || value == '.') {
      return false;
    }
  }
  return true;
}

bool IsPath(absl::string_view path) {
  if (path.empty()) return true;
  if (absl::StrContains(path, "//")) return false;
  for (const absl::string_view segment : absl::StrSplit(path, '/')) {
    if (segment == "." || segment == "..") return false;
  }
  return true;
}

// Cuts what begins at the first `sign` off `text`; "" where there is none.
std::string CutOff(char sign, absl::string_view* text) {
  const size_t at = text->find(sign);
  if (at == absl::string_view::npos) return "";
  std::string rest(text->substr(at + 1));
  *text = text->substr(0, at);
  return rest;
}

bool ReadAuthority(absl::string_view authority, Page* page) {
  const size_t colon = authority.find(':');
  if (colon != absl::string_view::npos) {
    const absl::string_view port = authority.substr(colon + 1);
    const bool digits =
        !port.empty() && port.size() <= 5 && std::all_of(port.begin(), port.end(), [](char c) {
          return absl::ascii_isdigit(static_cast<unsigned char>(c));
        });
    if (!digits || !absl::SimpleAtoi(port, &page->port)) return false;
    if (page->port < 1 || page->port > 65535) return false;
    authority = authority.substr(0, colon);
  }
  page->host = absl::AsciiStrToLower(authority);
  return IsHost(authority);
}

}  // namespace

bool IsUnreserved(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         absl::StrContains("-._~", absl::string_view(&c, 1));
}

std::string PercentEncoded(absl::string_view value) {
  std::string encoded;
  for (const char c : value) {
    if (IsUnreserved(c)) {
      encoded.push_back(c);
    } else {
      absl::StrAppend(&encoded, "%", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
    }
  }
  return encoded;
}

std::string Page::Text() const {
  std::string text = absl::StrCat(kScheme, host);
  if (port != 443) absl::StrAppend(&text, ":", port);
  absl::StrAppend(&text, path.empty() ? "/" : path);
  if (!query.empty()) absl::StrAppend(&text, "?", query);
  if (!fragment.empty()) absl::StrAppend(&text, "#", fragment);
  return text;
}

std::optional<Page> ParsePage(absl::string_view text) {
  if (text.size() > kLongestPage || !absl::StartsWithIgnoreCase(text, kScheme)) return std::nullopt;
  text.remove_prefix(kScheme.size());
  if (!std::all_of(text.begin(), text.end(), IsPlain) || !EscapesAreHarmless(text)) {
    return std::nullopt;
  }
  Page page;
  page.fragment = CutOff('#', &text);
  page.query = CutOff('?', &text);
  const size_t slash = std::min(text.find('/'), text.size());
  page.path = std::string(text.substr(slash));
  if (!ReadAuthority(text.substr(0, slash), &page) || !IsPath(page.path)) return std::nullopt;
  return page;
}

}  // namespace usher::text
