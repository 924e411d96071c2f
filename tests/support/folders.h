// Where this checkout and this build stand.
#pragma once

#include <string>

namespace usher {

std::string SourceFolder();  // the top of the repository
std::string BinaryFolder();  // of this build; the servers are in its bin/

}  // namespace usher
