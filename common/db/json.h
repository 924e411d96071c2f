// jsonb objects of strings, as the database keeps metadata.
#pragma once

#include <list>
#include <map>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace usher::db {

std::string ToJson(const std::map<std::string, std::string>& object);

// Shows the entries of what ToJson wrote, and jsonb gave back, without making an object of them; of
// equal keys the last one counts. False for anything else: then what was seen counts for nothing.
// Keys and values are views into `json`, or, where that has escapes, into strings that are added to
// `unescaped`, so that both have to outlive them.
bool WalkJson(absl::string_view json, std::list<std::string>* unescaped,
              absl::FunctionRef<void(absl::string_view key, absl::string_view value)> see);

// The same as a map. Anything else reads as an empty object.
std::map<std::string, std::string> FromJson(absl::string_view json);

}  // namespace usher::db
