#pragma once

#include <string>

#include "absl/time/time.h"

namespace usher {

// For operators and machines alike: "2026-11-26T09:31:29Z" (RFC 3339).
inline std::string UtcText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

}  // namespace usher
