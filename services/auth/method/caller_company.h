// The company that a request is about.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "common/access/caller.h"
#include "common/status/reply_error.h"

namespace usher::auth {

// `named` stands in the credentials; nothing: the caller's own. Any other is NOT_FOUND, but for a
// platform administrator, and so is for everybody one that no company has (id_wire.h).
inline absl::StatusOr<CompanyId> CompanyFor(const Caller& caller,
                                            const std::optional<CompanyId>& named) {
  if (!named.has_value() || *named == caller.company()) return caller.company();
  if (!caller.IsPlatformAdministrator() || named->empty()) return CompanyNotFound();
  return *named;
}

}  // namespace usher::auth
