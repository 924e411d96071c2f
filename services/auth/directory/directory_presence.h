// Whether people who came from a directory are still in it: who is not, is switched off.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/token/revocations.h"
#include "services/auth/directory/directory.h"
#include "services/auth/directory/directory_store.h"
#include "services/auth/method/method_store.h"

namespace usher::auth {

// The value of kSwitchedOffByKey (method.h): the method is DEACTIVATED because the directory does
// not have the person any more, and will be active again when it has.
inline constexpr char kByDirectory[] = "directory";
bool IsAbsent(const Method& method);

// Of so many asked for, none is there: that is rather a directory which tells nobody anything.
inline constexpr size_t kFewestToBelieve = 5;
bool IsBelievable(size_t asked, size_t missing);

// Thread-safe.
class DirectoryPresence {
 public:
  DirectoryPresence(const Directories& directories, DirectoryStore& store, MethodStore& methods,
                    token::Revocations& revocations)
      : directories_(directories), store_(store), methods_(methods), revocations_(revocations) {}

  // One round over all directories whose people can be looked for: asks for those who are signed
  // in and were not asked for within the check period. A directory that does not answer holds up
  // the others for as long as it takes to notice, and switches nobody off. The first failure of
  // the database.
  absl::Status CheckAll(const CallContext& call);

  // Somebody who was absent has been recognised: the method is active again.
  absl::Status NoteBack(const CallContext& call, const Method& method);

 private:
  absl::Status Check(const CallContext& call, const CompanyId& company, Directory& directory);
  // Those of `due` who are not there (any more). Nothing where the directory does not say.
  absl::StatusOr<std::vector<Method>> Missing(const CallContext& call, Directory& directory,
                                              const std::vector<Method>& due);
  // Ends the sessions of the method, and switches it off where that is possible.
  absl::Status NoteAbsent(const CallContext& call, const Method& method);

  const Directories& directories_;
  DirectoryStore& store_;
  MethodStore& methods_;
  token::Revocations& revocations_;
};

}  // namespace usher::auth
