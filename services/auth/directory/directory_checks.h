// The thread that looks whether people who came from a directory are still in it.
#pragma once

#include "common/base/clock.h"
#include "common/base/repeating.h"
#include "services/auth/directory/directory_presence.h"

namespace usher::auth {

// A round every few seconds, which asks for those alone whose turn it is. Any number of replicas
// may do it at once: each person is one replica's.
class DirectoryChecks {
 public:
  // `registry` may be null.
  DirectoryChecks(DirectoryPresence& presence, const Clock& clock, prometheus::Registry* registry);

  void Start() { repeating_.Start(); }

 private:
  absl::Status Round();

  DirectoryPresence& presence_;
  const Clock& clock_;
  Repeating repeating_;
};

}  // namespace usher::auth
