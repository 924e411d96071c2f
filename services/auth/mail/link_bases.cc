#include "services/auth/mail/link_bases.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/status/reply_error.h"

namespace usher::auth {
namespace {

bool LiesBelow(const Page& page, const Page& base) {
  if (page.host != base.host || page.port != base.port) return false;
  const absl::string_view root = absl::StripSuffix(base.path, "/");
  const absl::string_view path = absl::StripSuffix(page.path, "/");
  return path == root || absl::StartsWith(path, absl::StrCat(root, "/"));
}

}  // namespace

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
    absl::StrAppend(&link, sign, name, "=", text::PercentEncoded(value));
    sign = "&";
  }
  return link;
}

}  // namespace usher::auth
