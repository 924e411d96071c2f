// Mail in somebody's transaction.
#pragma once

#include "absl/status/status.h"
#include "common/db/transaction.h"
#include "services/auth/mail/outbox_mail.h"

namespace usher::auth {

// It is sent once the transaction is committed, at least once.
absl::Status QueueMail(db::Transaction& tx, const MailDraft& draft);

}  // namespace usher::auth
