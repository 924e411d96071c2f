// Where password resets are kept until they are used.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "services/auth/mail/outbox_mail.h"
#include "services/auth/method/revocation_store.h"
#include "services/auth/method/user_change.h"

namespace usher::auth {

// A reset that is to be kept, in the place of the one before.
struct ResetDraft {
  CompanyId company;
  std::string principal_key;  // of the password method
  UserId user;                // empty: nobody's, kept as every other is
  std::string token_hash;
  std::string secret_mark;
  absl::Duration good_for = absl::ZeroDuration();
  // The mail that tells the token. Of kind kDecoy where nobody is to be told by mail.
  MailDraft mail;
  // Beyond so many within an hour the reset before stays, and the mail becomes a decoy.
  int64_t most_an_hour = 0;
  bool by_administrator = false;  // for the audit row
};

struct PendingReset {
  UserId user;
  std::string token_hash;
  std::string secret_mark;
};

// Thread-safe; the database's clock counts. Errors besides those named: sql_error.h.
class ResetStore {
 public:
  virtual ~ResetStore() = default;

  // The same statements whatever the draft is, one mail in the outbox and an audit row included.
  virtual absl::Status Replace(const CallContext& call, const ResetDraft& draft) = 0;

  // The one that has not expired, used up or not anybody's.
  virtual absl::StatusOr<std::optional<PendingReset>> Find(const CallContext& call,
                                                           const CompanyId& company,
                                                           const std::string& principal_key) = 0;

  // Uses the reset of change.edit's method up, with all others of the user, and does what
  // MethodStore::ChangeUser does; all or nothing. ResetRefused where it is not there any more with
  // this hash: of several at once one succeeds.
  virtual absl::StatusOr<Ended> Use(const CallContext& call, const UserChange& change,
                                    const std::string& token_hash, const DecideChange& decide) = 0;

  // Whether the mail tells the token that is good: it is now, for `good_for` from now on.
  virtual absl::StatusOr<bool> Renew(const CallContext& call, const CompanyId& company,
                                     const MailId& mail, absl::Duration good_for) = 0;

  // Deletes what expired `ago`, unless its mail is still to be sent.
  virtual absl::Status Forget(const CallContext& call, absl::Duration ago) = 0;
};

}  // namespace usher::auth
