// Where the links in mails may lead: configured bases, and pages below them.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace usher::auth {

// An https address, taken apart; what browsers read in more than one way is no page.
struct Page {
  std::string host;  // in small letters
  int port = 443;
  std::string path;      // "" or with a leading slash
  std::string query;     // without its question mark
  std::string fragment;  // without its number sign

  std::string Text() const;
};

// Nothing unless it is https, with a host of letters, digits, hyphens and dots, without user names,
// and without backslashes, dots or slashes in disguise, or "." and ".." in its path.
std::optional<Page> ParsePage(absl::string_view text);

// Thread-safe: nothing changes.
class LinkBases {
 public:
  // kInvalidArgument for what is no page, or has a query or a fragment.
  static absl::StatusOr<LinkBases> Parse(const std::vector<std::string>& bases);

  LinkBases() = default;
  bool empty() const { return bases_.empty(); }

  // The page that a mail is to lead to: `wish` where it lies at or below one of the bases, and the
  // first base where it is empty. HOSTNAME_INVALID, also where there is no base for a wish; nothing
  // where there is neither.
  absl::StatusOr<std::optional<Page>> PageFor(absl::string_view field,
                                              absl::string_view wish) const;

 private:
  std::vector<Page> bases_;
};

// `page` with the values in its fragment, which browsers send to no server. Names are plain words.
std::string LinkTo(const Page& page,
                   const std::vector<std::pair<std::string, std::string>>& values);

}  // namespace usher::auth
