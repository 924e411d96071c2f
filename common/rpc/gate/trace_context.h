// Which trace a call belongs to: W3C Trace Context, level 1.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace usher::rpc {

// The header `traceparent`, all of its values joined by commas, in the form that we log and pass
// on: version 00, IDs in lower-case hexadecimal, flags. Of a later version what 00 has in common
// with it. "" where it is none (the standard has it ignored then), and where it came more than
// once.
std::string Traceparent(absl::string_view header);

}  // namespace usher::rpc
