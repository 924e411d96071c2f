// Which companies a session may go on in: the links between methods of one person. They are made
// where an invitation is accepted (invitation/), and by nothing else: that two companies know the
// same user ID says nothing, since administrators make users, and put secrets into methods of
// theirs (docs/auth.md, "Company switch").
#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "services/auth/method/method.h"

namespace usher::auth {

// Thread-safe. A link is open as long as both methods are the user's, nobody has been handed the
// first one since it was made (given another secret without the one before), and the second one
// has the secret that was shown then. Errors: sql_error.h.
class LinkStore {
 public:
  virtual ~LinkStore() = default;

  // The method of company `to`, with its secret, that an open link leads to from the method which
  // the session was opened with; the oldest of several, and one that can be used before one that
  // cannot. Nothing where there is none, or the session is not the user's.
  virtual absl::StatusOr<std::optional<MethodStanding>> FindOpen(const CallContext& call,
                                                                 const CompanyId& company,
                                                                 const SessionId& session,
                                                                 const UserId& user,
                                                                 const CompanyId& to) = 0;

  // The companies with a method that FindOpen would find, and that can be used, in the order of
  // their IDs; `limit` at most.
  virtual absl::StatusOr<std::vector<CompanyId>> ListOpen(const CallContext& call,
                                                          const CompanyId& company,
                                                          const SessionId& session,
                                                          const UserId& user, size_t limit) = 0;
};

}  // namespace usher::auth
