// Where invitations are found and used up. They are methods of type activation_token: made, listed,
// switched off and removed like the others (method/).
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "services/auth/method/method.h"

namespace usher::auth {

// Somebody of another company who accepts: the session that says so.
struct Joining {
  CompanyId company;
  SessionId session;
  // The secret of the method that the session was opened with was shown as well: then whoever
  // signs in with the new method may go on with that one, too. A token that was stolen is not
  // enough for it.
  bool both_ways = false;
};

struct Acceptance {
  // As it was verified: a method of type activation_token.
  Method invitation;
  // What takes its place; of the invitation's company, and of the invitation's user or, with
  // `joining`, of that session's.
  Method made;
  std::optional<Joining> joining;
};

// Thread-safe. Errors besides those named: sql_error.h.
class InvitationStore {
 public:
  virtual ~InvitationStore() = default;

  // With its secret, and with what it may create. Nothing when there is no such invitation.
  virtual absl::StatusOr<std::optional<MethodStanding>> Find(const CallContext& call,
                                                             const CompanyId& company,
                                                             const std::string& token) = 0;

  // Removes the invitation and makes the method, and the links (company_switch/link_store.h): all
  // or nothing. InvitationUsed (not as it was verified, or not usable any more), CompanyNotFound,
  // PrincipalTaken, AccountInactive of the user whom the method is for, JoiningRefused.
  virtual absl::Status Accept(const CallContext& call, const Acceptance& acceptance) = 0;
};

}  // namespace usher::auth
