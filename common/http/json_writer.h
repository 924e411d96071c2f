// Writes messages as proto3 JSON.
#pragma once

#include <google/protobuf/message.h>

#include <string>

#include "absl/strings/string_view.h"

namespace usher::http {

// Whether messages of a kind can be read and written at all: there are no floats, no groups, and no
// types with a JSON of their own (google.protobuf.Timestamp) in our protocol.
bool IsWritableAsJson(const google::protobuf::Descriptor& message);

// Appends it, by the mapping of https://protobuf.dev/programming-guides/json/ and docs/json.md:
// names as in the protocol, default values left out, but empty lists and maps printed.
void WriteJson(const google::protobuf::Message& message, std::string* json);

// Appends `text`, which is UTF-8, in quotation marks.
void WriteJsonString(absl::string_view text, std::string* json);
std::string JsonString(absl::string_view text);

}  // namespace usher::http
