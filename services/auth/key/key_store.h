// What became of keys, as it is kept: for the audit.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "common/base/call_context.h"
#include "common/base/id.h"

namespace usher::auth {

// The numbers stand in the database.
enum class KeyState {
  kAdded = 1,      // published, or opens what others seal
  kInUse = 2,      // signs or seals, or has
  kWithdrawn = 3,  // retired: a signing key whose tokens open nothing any more
  kDeleted = 4,
};

// Thread-safe. Errors: sql_error.h.
class KeyStore {
 public:
  virtual ~KeyStore() = default;

  // A row of the audit of `company` where the key was not yet known to be so far; however often and
  // by however many servers it is noted. A key that came back is a new one.
  virtual absl::Status Note(const CallContext& call, const CompanyId& company,
                            const std::string& key, KeyState state) = 0;
};

}  // namespace usher::auth
