#include "services/auth/mail/link_bases.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status/reply_error.h"

namespace usher::auth {
namespace {

constexpr size_t kLongestPage = 1024;  // bytes
constexpr size_t kLongestHost = 253;
constexpr absl::string_view kScheme = "https://";

bool IsUnreserved(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         absl::StrContains("-._~", absl::string_view(&c, 1));
}

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

bool LiesBelow(const Page& page, const Page& base) {
  if (page.host != base.host || page.port != base.port) return false;
  const absl::string_view root = absl::StripSuffix(base.path, "/");
  const absl::string_view path = absl::StripSuffix(page.path, "/");
  return path == root || absl::StartsWith(path, absl::StrCat(root, "/"));
}

std::string Escaped(absl::string_view value) {
  std::string escaped;
  for (const char c : value) {
    if (IsUnreserved(c)) {
      escaped.push_back(c);
    } else {
      absl::StrAppend(&escaped, "%", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
    }
  }
  return escaped;
}

}  // namespace

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

absl::StatusOr<LinkBases> LinkBases::Parse(const std::vector<std::string>& bases) {
  LinkBases parsed;
  for (const std::string& text : bases) {
    std::optional<Page> page = ParsePage(text);
    if (!page.has_value() || !page->query.empty() || !page->fragment.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("'", text, "' is no address like https://meet.example.org/account"));
    }
    parsed.bases_.push_back(*std::move(page));
  }
  return parsed;
}

absl::StatusOr<std::optional<Page>> LinkBases::PageFor(absl::string_view field,
                                                       absl::string_view wish) const {
  if (wish.empty()) {
    return bases_.empty() ? std::optional<Page>() : std::optional<Page>(bases_.front());
  }
  std::optional<Page> page = ParsePage(wish);
  const bool allowed =
      page.has_value() && std::any_of(bases_.begin(), bases_.end(),
                                      [&](const Page& base) { return LiesBelow(*page, base); });
  if (!allowed) {
    return ReplyError(::common::HOSTNAME_INVALID,
                      absl::StrCat(field,
                                   " lies below none of the addresses that mails of this "
                                   "service may lead to: ",
                                   Quoted(wish)));
  }
  return page;
}

std::string LinkTo(const Page& page,
                   const std::vector<std::pair<std::string, std::string>>& values) {
  std::string link = page.Text();
  // A page that has a fragment is one of those that keep their own address in it.
  absl::string_view sign = "#";
  if (!page.fragment.empty()) sign = absl::StrContains(page.fragment, "?") ? "&" : "?";
  for (const auto& [name, value] : values) {
    absl::StrAppend(&link, sign, name, "=", Escaped(value));
    sign = "&";
  }
  return link;
}

}  // namespace usher::auth
