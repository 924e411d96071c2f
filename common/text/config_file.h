// Files of configuration, as messages in protobuf's text format (proto/usher/config/v1).
#pragma once

#include <google/protobuf/message.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace usher::text {

// All of a file, of 4 MiB at most. kInvalidArgument with one line for a person that names it.
absl::StatusOr<std::string> ReadConfigFile(const std::string& path);

// Fills `config`. kInvalidArgument with the first fault and its place: "3:7: ...", line and column
// as people count.
absl::Status ParseConfig(const std::string& text, google::protobuf::Message* config);

}  // namespace usher::text
