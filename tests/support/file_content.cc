#include "tests/support/file_content.h"

#include <fstream>
#include <sstream>

namespace usher {

std::string FileContent(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

}  // namespace usher
