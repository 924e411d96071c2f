// The outbox in PostgreSQL.
#pragma once

#include "common/db/pool.h"
#include "services/auth/mail/mail_store.h"

namespace usher::auth {

class PgMailStore final : public MailStore {
 public:
  explicit PgMailStore(db::Pool& pool) : pool_(pool) {}

  absl::StatusOr<std::optional<QueuedMail>> Claim(const CallContext& call,
                                                  absl::Duration lease) override;
  absl::Status Finish(const CallContext& call, const QueuedMail& mail,
                      absl::string_view outcome) override;
  absl::Status Postpone(const CallContext& call, const QueuedMail& mail, absl::Duration pause,
                        absl::string_view error) override;
  absl::Status Bury(const CallContext& call, const QueuedMail& mail,
                    absl::string_view error) override;
  absl::StatusOr<std::vector<ListedMail>> List(const CallContext& call, size_t most) override;
  absl::StatusOr<bool> SendAgain(const CallContext& call, const MailId& mail) override;
  absl::StatusOr<MailBacklog> Count(const CallContext& call) override;
  absl::Status Forget(const CallContext& call, absl::Duration dead_for) override;

 private:
  db::Pool& pool_;
};

}  // namespace usher::auth
