// Names of languages.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace usher::text {

// A language tag of BCP 47, trimmed; "" stays "". PROTOCOL_ERROR for what is not well-formed (RFC
// 5646, section 2.2.9; the irregular tags of before 1996, "i-klingon", are not taken),
// MAX_SIZE_EXCEEDED beyond 64 characters. Whether there is such a language is not asked.
absl::StatusOr<std::string> OptionalLanguageTag(absl::string_view field, absl::string_view raw);

}  // namespace usher::text
