#include "common/http/origins.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace usher::http {
namespace {

// As a browser writes it: scheme and host, perhaps a port, in lower case (RFC 6454, 6.2).
bool IsOrigin(absl::string_view text) {
  absl::string_view rest = text;
  if (!absl::ConsumePrefix(&rest, "https://") && !absl::ConsumePrefix(&rest, "http://")) {
    return false;
  }
  return !rest.empty() && std::all_of(rest.begin(), rest.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return absl::ascii_islower(byte) || absl::ascii_isdigit(byte) || absl::StrContains("-.:[]", c);
  });
}

}  // namespace

absl::StatusOr<Origins> Origins::Parse(absl::string_view list) {
  Origins origins;
  for (absl::string_view part : absl::StrSplit(list, ',', absl::SkipWhitespace())) {
    part = absl::StripAsciiWhitespace(part);
    if (part == "*") {
      origins.all_ = true;
    } else if (IsOrigin(part)) {
      origins.origins_.emplace_back(part);
    } else {
      return absl::InvalidArgumentError(
          absl::StrCat("'", part, "' is no origin like https://app.example.com"));
    }
  }
  return origins;
}

bool Origins::Allow(absl::string_view origin) const {
  return !origin.empty() &&
         (all_ || std::find(origins_.begin(), origins_.end(), origin) != origins_.end());
}

}  // namespace usher::http
