// Chat messages in PostgreSQL.
#pragma once

#include "common/db/pool.h"
#include "services/room/chat/chat_store.h"

namespace usher::room {

class PgChatStore final : public ChatStore {
 public:
  explicit PgChatStore(db::Pool& pool) : pool_(pool) {}

  absl::StatusOr<ChatReceipt> Append(const CallContext& call, const CompanyId& company,
                                     const UserId& subject, const UserId& sender,
                                     const std::string& id, const ChatDraft& draft,
                                     const DecideSend& decide) override;
  absl::StatusOr<std::vector<std::optional<ChatAccess>>> FindAccesses(
      const CallContext& call, const CompanyId& company,
      const std::vector<ChatAsker>& askers) override;
  absl::StatusOr<ChatPlace> FindPlace(const CallContext& call, const CompanyId& company,
                                      const RoomId& room) override;
  absl::StatusOr<ChatPageRead> List(const CallContext& call, const CompanyId& company,
                                    const RoomId& room, const ChatSpan& span) override;
  absl::StatusOr<std::vector<ChatNews>> ReadNews(const CallContext& call, const CompanyId& company,
                                                 const std::vector<ChatMark>& marks) override;
  absl::StatusOr<bool> ForgetSender(const CallContext& call, const CompanyId& company,
                                    const UserId& sender, uint32_t most) override;
  absl::StatusOr<int64_t> ForgetOld(const CallContext& call, absl::Duration retention,
                                    int64_t most) override;
  absl::StatusOr<int64_t> ForgetGone(const CallContext& call, int64_t most) override;

 private:
  db::Pool& pool_;
};

}  // namespace usher::room
