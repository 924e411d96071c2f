#include "services/business_logic/pg_favorite_store.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/db/audit.h"
#include "common/db/transaction.h"
#include "common/status/try.h"
#include "services/business_logic/business_logic_sql.h"
#include "services/business_logic/favorite_errors.h"

namespace usher::business_logic {

absl::StatusOr<std::vector<RoomId>> PgFavoriteStore::List(const CallContext& call,
                                                          const Owner& owner) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kListFavorites, {owner.company, owner.user}));
  std::vector<RoomId> rooms;
  rooms.reserve(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) rooms.push_back(RoomId(rows[i].Text(0)));
  return rooms;
}

absl::Status PgFavoriteStore::Change(const CallContext& call, const Owner& owner,
                                     const FavoriteChange& change) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    RETURN_IF_ERROR(tx.Execute(sql::kLockFavorites, {owner.company, owner.user}).status());
    ASSIGN_OR_RETURN(const db::Rows removed,
                     tx.Execute(sql::kRemoveFavorites,
                                {owner.company, owner.user, db::Param::Array(change.remove)}));
    ASSIGN_OR_RETURN(
        const db::Rows added,
        tx.Execute(sql::kAddFavorites, {owner.company, owner.user, db::Param::Array(change.add)}));
    if (removed.affected() + added.affected() == 0) return absl::OkStatus();
    ASSIGN_OR_RETURN(const db::Rows count,
                     tx.Execute(sql::kCountFavorites, {owner.company, owner.user}));
    if (count[0].Int(0) > static_cast<int64_t>(kMostFavorites)) return TooManyFavorites();
    return db::Audit(
        tx, call, owner.company, absl::StrCat("user ", owner.user.value()),
        absl::StrCat("favorites: ", added.affected(), " added, ", removed.affected(), " removed"));
  });
}

absl::Status PgFavoriteStore::Forget(const CallContext& call, const Owner& owner) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    RETURN_IF_ERROR(tx.Execute(sql::kLockFavorites, {owner.company, owner.user}).status());
    ASSIGN_OR_RETURN(const db::Rows gone,
                     tx.Execute(sql::kForgetFavorites, {owner.company, owner.user}));
    if (gone.affected() == 0) return absl::OkStatus();
    return db::Audit(tx, call, owner.company, absl::StrCat("user ", owner.user.value()),
                     absl::StrCat("favorites forgotten: ", gone.affected()));
  });
}

}  // namespace usher::business_logic
