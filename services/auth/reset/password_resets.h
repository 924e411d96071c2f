// What can be done about a forgotten password: who is told a token, and what it is good for.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/access/caller.h"
#include "common/base/clock.h"
#include "common/token/revocations.h"
#include "services/auth/mail/link_bases.h"
#include "services/auth/mail/mail_seal.h"
#include "services/auth/method/known_user_store.h"
#include "services/auth/method/method_store.h"
#include "services/auth/reset/reset_store.h"
#include "services/auth/reset/reset_token.h"
#include "services/auth/secret/secret_vault.h"
#include "services/auth/throttle/guess_throttle.h"

namespace usher::auth {

struct PasswordResetOptions {
  absl::Duration lifetime = absl::Hours(1);
  int64_t most_mails_an_hour = 3;  // to one account
  bool mails_are_sent = false;     // otherwise only administrators get a token
  LinkBases link_bases;
};

// requestPasswordReset.
struct ResetRequest {
  CompanyId company;  // empty: what no company is called
  std::string username;
  std::string page;  // resetURL; empty: the first base
};

// What the reply tells; both empty but for administrators.
struct ResetAnswer {
  UserId user;
  Secret token;
};

// authenticationUpdate with a reset token.
struct ResetUse {
  CompanyId company;  // empty: what no company is called
  UserId user;        // empty: not named
  std::string username;
  Secret token;
  Secret password;
};

// Thread-safe. Request is a transaction (Lane::kStore), Use hashes (Lane::kHash).
class PasswordResets {
 public:
  PasswordResets(ResetStore& store, MethodStore& methods, KnownUserStore& users, SecretVault& vault,
                 const Pepper& pepper, token::Revocations& revocations, const Clock& clock,
                 GuessThrottle& throttle, PasswordResetOptions options);

  // Makes a token, and replaces the one before. `caller` gets it who has USER_ADMIN in that
  // company, or is a platform administrator, and holds all that the user holds. For everybody else
  // a mail is put into the outbox; they get an empty answer, after the same work, whether there is
  // such an account, whether it is active, and how often they ask. HOSTNAME_INVALID for a page
  // below none of the bases; TooManyResets from one source.
  absl::StatusOr<ResetAnswer> Request(const CallContext& call, const Caller* caller,
                                      const ResetRequest& request);

  // Sets the password, ends all sessions of the user, and lifts what was LOCKED. ResetRefused for
  // everything that does not fit together, which counts for the source (TooManyGuesses),
  // ACCOUNT_STATUS_ERROR for an account that is switched off, PROTOCOL_ERROR and ACTION_INVALID as
  // of CheckNewPassword: then the token stays good.
  absl::Status Use(const CallContext& call, const ResetUse& use);

  // For the sender (mail_sender.h).
  absl::StatusOr<bool> IsStillWanted(const CallContext& call, const MailDraft& mail);

 private:
  // The method that the token is good for; nothing where it is not.
  absl::StatusOr<std::optional<MethodStanding>> Shown(const CallContext& call, const ResetUse& use,
                                                      const std::optional<PendingReset>& reset,
                                                      const std::string& token_hash);
  absl::StatusOr<bool> MayBeTold(const Caller* caller, const MethodStanding& standing);
  ResetDraft DraftFor(const ResetRequest& request, const std::optional<MethodStanding>& standing,
                      const ResetToken& token, const std::optional<Page>& page) const;
  absl::StatusOr<UserChange> ChangeFor(const CallContext& call, const ResetUse& use,
                                       const MethodStanding& standing);

  ResetStore& store_;
  MethodStore& methods_;
  KnownUserStore& users_;
  SecretVault& vault_;
  const ResetTokens tokens_;
  const MailSeal seal_;
  token::Revocations& revocations_;
  const Clock& clock_;
  GuessThrottle& throttle_;
  const PasswordResetOptions options_;
};

}  // namespace usher::auth
