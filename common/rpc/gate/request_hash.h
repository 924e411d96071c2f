// Tells whether two requests are the same, for calls that may be repeated.
#pragma once

#include <google/protobuf/message.h>

#include <string>

#include "absl/strings/string_view.h"

namespace usher::rpc {

// 64 hex digits over the rpc's name and the request without its access info (a new token does not
// make it another request) and without passwords and codes (their hash must not end up in a
// database).
std::string RequestHash(absl::string_view rpc, const google::protobuf::Message& request);

}  // namespace usher::rpc
