// jsonb objects of strings, as the database keeps metadata.
#pragma once

#include <map>
#include <string>

#include "absl/strings/string_view.h"

namespace usher::db {

std::string ToJson(const std::map<std::string, std::string>& object);

// What ToJson wrote, and jsonb gave back. Anything else reads as an empty object.
std::map<std::string, std::string> FromJson(absl::string_view json);

}  // namespace usher::db
