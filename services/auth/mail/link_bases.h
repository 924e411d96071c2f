// Where the links in mails may lead: configured bases, and pages below them.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/text/page.h"

namespace usher::auth {

using text::Page;
using text::ParsePage;

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
