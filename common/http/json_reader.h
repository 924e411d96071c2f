// Reads proto3 JSON into messages.
#pragma once

#include <google/protobuf/message.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace usher::http {

// Into an empty message, by the mapping of https://protobuf.dev/programming-guides/json/ and what
// docs/json.md adds to it: fields by their name in the protocol or in lower camel case, unknown
// ones are skipped; 64-bit numbers as numbers too; enums by name or number; base64 of either
// alphabet, padded or not; [] for an empty map. The rest is JSON to the letter (RFC 8259), and no
// field stands twice.
//
// kInvalidArgument, with a text that names the field and no value. The message may be half read
// then. A message that IsWritableAsJson.
absl::Status ReadJson(absl::string_view json, google::protobuf::Message* message);

// Reads nothing but the field `field`, a message, of an object of that kind; the rest is looked
// through. Errors as above.
absl::Status ReadJsonField(absl::string_view json, const google::protobuf::FieldDescriptor& field,
                           google::protobuf::Message* value);

}  // namespace usher::http
