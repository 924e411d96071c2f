// The failures of the engines' face, each once.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/status/reply_error.h"

namespace usher::room {

inline absl::Status EngineIdInvalid() {
  return FieldMalformed("engine_id", "must be 1 to 128 visible ASCII characters");
}

inline absl::Status NamedTwice(absl::string_view field, absl::string_view what) {
  return FieldMalformed(field, absl::StrCat("names one twice: ", what));
}

// For the stream that another one under the same name has taken the place of.
inline absl::Status TakenOver() {
  return absl::CancelledError("another stream of this engine has taken over");
}

}  // namespace usher::room
