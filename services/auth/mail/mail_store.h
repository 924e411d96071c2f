// Where mails wait until they are sent.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/call_context.h"
#include "services/auth/mail/outbox_mail.h"

namespace usher::auth {

// Thread-safe, and shared by all replicas; the database's clock counts. Mails are put into it by
// the transaction of whatever they are about (pg_mail_rows.h). Errors: sql_error.h.
class MailStore {
 public:
  virtual ~MailStore() = default;

  // The one that has been due for the longest; nobody else gets it for `lease`. Nothing when none
  // is due. Dead ones never are.
  virtual absl::StatusOr<std::optional<QueuedMail>> Claim(const CallContext& call,
                                                          absl::Duration lease) = 0;
  // It is done with, by what `outcome` says for the audit row. The secret goes with it.
  virtual absl::Status Finish(const CallContext& call, const QueuedMail& mail,
                              absl::string_view outcome) = 0;
  // To be tried again after `pause`. Nothing where somebody else has claimed it since.
  virtual absl::Status Postpone(const CallContext& call, const QueuedMail& mail,
                                absl::Duration pause, absl::string_view error) = 0;
  // Not to be tried again, unless an operator says so.
  virtual absl::Status Bury(const CallContext& call, const QueuedMail& mail,
                            absl::string_view error) = 0;

  // The oldest first.
  virtual absl::StatusOr<std::vector<ListedMail>> List(const CallContext& call, size_t most) = 0;
  // Makes it as good as new, dead or not. False when there is no such mail.
  virtual absl::StatusOr<bool> SendAgain(const CallContext& call, const MailId& mail) = 0;

  virtual absl::StatusOr<MailBacklog> Count(const CallContext& call) = 0;
  // Decoys, and what has been dead for `dead_for`; some at a time.
  virtual absl::Status Forget(const CallContext& call, absl::Duration dead_for) = 0;
};

}  // namespace usher::auth
