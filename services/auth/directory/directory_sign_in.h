// Signing in with the password of a directory.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "common/base/call_context.h"
#include "common/token/revocations.h"
#include "services/auth/directory/directory_presence.h"
#include "services/auth/directory/directory_proving.h"
#include "services/auth/directory/directory_store.h"
#include "services/auth/directory/profiles.h"
#include "services/auth/method/method_store.h"
#include "services/auth/session/sign_in.h"

namespace usher::auth {

struct DirectoryGrant {
  CompanyId company;
  DirectoryProof proof;
  PermissionSet wanted;  // what the token may have at most
};

// Thread-safe. Asks the directory, the database and, for somebody who comes the first time, the
// user service: Lane::kDirectory.
class DirectorySignIn {
 public:
  DirectorySignIn(DirectoryProving& proving, MethodStore& methods, DirectoryStore& store,
                  DirectoryPresence& presence, Profiles& profiles, SignIn& sign_in,
                  GuessThrottle& throttle, const Clock& clock)
      : proving_(proving),
        methods_(methods),
        store_(store),
        presence_(presence),
        profiles_(profiles),
        sign_in_(sign_in),
        throttle_(throttle),
        clock_(clock) {}

  // Makes the user where there is none and the directory's rules say so; and the profile, best
  // effort. AUTHENTICATION_ERROR, AccountInactive, TooManyGuesses, and what Directory and the
  // stores answer.
  absl::StatusOr<SignedIn> Enter(const CallContext& call, const DirectoryGrant& grant);

 private:
  using Standing = std::optional<MethodStanding>;

  // Nothing when what it rests on has changed meanwhile.
  absl::StatusOr<std::optional<SignedIn>> TryToEnter(const CallContext& call,
                                                     const DirectoryGrant& grant,
                                                     const Recognised& recognised,
                                                     const Standing& standing);
  // Makes the user. True also when somebody else has done so at the same time.
  absl::Status Provision(const CallContext& call, const DirectoryGrant& grant,
                         const Recognised& recognised);
  void EnsureProfile(const CallContext& call, const Method& method, const DirectoryPerson& person);

  DirectoryProving& proving_;
  MethodStore& methods_;
  DirectoryStore& store_;
  DirectoryPresence& presence_;
  Profiles& profiles_;
  SignIn& sign_in_;
  GuessThrottle& throttle_;
  const Clock& clock_;
};

}  // namespace usher::auth
