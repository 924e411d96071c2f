// What --version prints. Defined in a file that the build writes (cmake/revision.cmake) and that
// only the five programs link.
#pragma once

namespace usher::server {

extern const char kVersion[];  // "0.1.0", of CMakeLists.txt
// "0123456789ab" of git, with "-modified" where files were; or "unknown".
extern const char kRevision[];

}  // namespace usher::server
