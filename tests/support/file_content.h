#pragma once

#include <string>

namespace usher {

// All that is in the file; empty where there is none.
std::string FileContent(const std::string& path);

}  // namespace usher
