#include "common/server/descriptors.h"

#include <dirent.h>
#include <sys/resource.h>

#include <algorithm>

namespace usher::server {
namespace {

constexpr rlim_t kMost = 1024 * 1024;

}  // namespace

int RaiseDescriptorLimit() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return DescriptorLimit();
  const rlim_t wanted = std::min(limit.rlim_max, kMost);  // RLIM_INFINITY is the largest number
  if (limit.rlim_cur < wanted) {
    limit.rlim_cur = wanted;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  return DescriptorLimit();
}

int DescriptorLimit() {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;  // what POSIX systems begin with
  return static_cast<int>(std::min(limit.rlim_cur, kMost));
}

int DescriptorsInUse() {
  DIR* const folder = opendir("/proc/self/fd");
  if (folder == nullptr) return -1;
  int entries = 0;
  while (readdir(folder) != nullptr) ++entries;
  closedir(folder);
  return entries - 3;  // ".", "..", and the one of the folder itself
}

}  // namespace usher::server
