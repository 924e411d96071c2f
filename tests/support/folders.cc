#include "tests/support/folders.h"

namespace usher {

std::string SourceFolder() { return USHER_SOURCE_DIR; }
std::string BinaryFolder() { return USHER_BINARY_DIR; }

}  // namespace usher
