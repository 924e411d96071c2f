// What a request ID that a client chose may look like.
#pragma once

#include "absl/strings/string_view.h"

namespace usher::rpc {

// Whether every character of it is printable (base/printable.h): it goes into logs, the audit and
// answers, where people read it. False where it is no UTF-8. Says nothing about its length.
bool IsPrintableRequestId(absl::string_view request_id);

}  // namespace usher::rpc
