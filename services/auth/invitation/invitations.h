// What can be done with an invitation by whoever has it: looking at what was prepared, and
// accepting.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/access/caller.h"
#include "common/base/secret.h"
#include "common/token/token_signer.h"
#include "services/auth/directory/directory_proving.h"
#include "services/auth/invitation/invitation_store.h"
#include "services/auth/method/method_store.h"
#include "services/auth/method/methods.h"
#include "services/auth/secret/secret_vault.h"
#include "services/auth/session/session_store.h"
#include "services/auth/session/tokens.h"
#include "services/auth/throttle/guess_throttle.h"

namespace usher::auth {

// Proof of an invitation.
struct InvitationGrant {
  CompanyId company;
  std::string token;
  Secret code;
};

// An authenticationUpdate that accepts: besides the invitation the method that is to be made.
struct AcceptWish {
  UserId user;
  InvitationGrant invitation;
  Credentials credentials;
};

// Thread-safe. Hashes, and asks the database and directories (request_lane.h).
class Invitations {
 public:
  Invitations(InvitationStore& store, MethodStore& methods, SessionStore& sessions,
              SecretVault& vault, GuessThrottle& throttle, DirectoryProving& directories,
              const token::TokenSigner& signer, absl::Duration token_life)
      : store_(store),
        methods_(methods),
        sessions_(sessions),
        vault_(vault),
        throttle_(throttle),
        directories_(directories),
        signer_(signer),
        token_life_(token_life) {}

  // An activation token: without permissions, good for reading the own profile and company, for
  // `token_life`. CredentialsRefused, AccountInactive, TooManyGuesses.
  absl::StatusOr<SignedToken> SignIn(const CallContext& call, const InvitationGrant& grant);

  // Makes the method that the invitation is for, and uses it up. The caller is the invited user, by
  // an activation or access token; or somebody signed in to another company, who is then a user of
  // this one as well (JoiningRefused for a token that is not of the own sign-in).
  // CredentialsRefused for the invitation, and for an account of a directory whose password is
  // wrong; CurrentSecretWrong for a `current` that is given and wrong, TooManyGuesses for any of
  // them, AccountInactive, InvitationForOther, and what the store, CheckNewPassword and Directory
  // answer.
  absl::Status Accept(const Caller& caller, const AcceptWish& wish);

 private:
  // The invitation, its code verified.
  absl::StatusOr<MethodStanding> Verified(const CallContext& call, const InvitationGrant& grant);
  absl::StatusOr<Method> MethodFor(const CallContext& call, const Method& invitation,
                                   const UserId& user, const Credentials& credentials);
  // What is kept in the place of a secret: which entry of the directory it is.
  absl::StatusOr<std::string> EntryOf(const CallContext& call, const Method& method,
                                      const DirectoryCredentials& given);
  absl::StatusOr<Joining> JoiningOf(const Caller& caller, const Secret& current);
  absl::Status CheckCurrent(const Caller& caller, const SessionStanding& own,
                            const Secret& current);
  absl::StatusOr<bool> Matches(const CallContext& call, const Secret& secret, SecretKind kind,
                               const Method& method);

  InvitationStore& store_;
  MethodStore& methods_;
  SessionStore& sessions_;
  SecretVault& vault_;
  GuessThrottle& throttle_;
  DirectoryProving& directories_;
  const token::TokenSigner& signer_;
  const absl::Duration token_life_;
};

}  // namespace usher::auth
