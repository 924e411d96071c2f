// Users, and what is under way with them, in PostgreSQL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/db/pool.h"
#include "common/rpc/gate/largest_reply.h"
#include "services/user/saga_store.h"
#include "services/user/user_store.h"

namespace usher::user {

class PgUserStore final : public UserStore, public SagaStore {
 public:
  // `most_bytes`: of a reply, for the users of one list.
  explicit PgUserStore(db::Pool& pool, size_t most_bytes = rpc::kLargestContent)
      : pool_(pool), most_bytes_(most_bytes) {}

  absl::StatusOr<std::vector<User>> List(const CallContext& call, const CompanyId& company,
                                         bool with_metadata) override;
  absl::StatusOr<std::vector<User>> FindSome(const CallContext& call, const CompanyId& company,
                                             const std::vector<UserId>& ids,
                                             bool with_metadata) override;
  absl::StatusOr<std::vector<UserId>> ListIds(const CallContext& call,
                                              const CompanyId& company) override;
  absl::StatusOr<std::optional<User>> Find(const CallContext& call, const UserKey& key) override;
  absl::Status RequireEmailFree(const CallContext& call, const UserKey& key,
                                const std::string& email) override;
  absl::StatusOr<bool> Update(const CallContext& call, const UserKey& key,
                              const DecideUpdate& decide) override;
  absl::StatusOr<bool> ReplaceProfile(const CallContext& call, const UserKey& key,
                                      const Profile& profile) override;

  absl::StatusOr<BegunCreation> BeginCreation(const CallContext& call, const UserKey& key,
                                              const User& user, absl::Duration lease) override;
  absl::Status CompleteCreation(const CallContext& call, const UserKey& key) override;
  absl::Status UndoCreation(const CallContext& call, const UserKey& key) override;
  absl::StatusOr<BegunRemoval> BeginRemoval(const CallContext& call, const UserKey& key,
                                            absl::Duration lease) override;
  absl::Status CompleteRemoval(const CallContext& call, const UserKey& key) override;
  absl::Status CompleteForgetting(const CallContext& call, const UserKey& key) override;
  absl::Status UndoRemoval(const CallContext& call, const UserKey& key) override;
  absl::StatusOr<std::optional<Saga>> Claim(const CallContext& call, absl::Duration lease) override;

 private:
  db::Pool& pool_;
  const uint64_t most_bytes_;
};

}  // namespace usher::user
