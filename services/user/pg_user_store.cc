#include "services/user/pg_user_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/db/audit.h"
#include "common/db/idempotency.h"
#include "common/db/transaction.h"
#include "common/status/try.h"
#include "services/user/user_errors.h"
#include "services/user/user_sql.h"

namespace usher::user {
namespace {

enum State : int32_t { kCreating = 1, kActive = 2, kRemoving = 3 };

// The columns of a user, from `first` on.
User UserOf(const db::Row& row, int first = 0) {
  User user;
  user.id = UserId(row.Text(first));
  user.email = row.Text(first + 1);
  user.profile = {row.Text(first + 2), row.Text(first + 3), row.Text(first + 4)};
  user.metadata = row.Json(first + 5);
  return user;
}

// What a statement answered that weighs before it reads. Where nobody was found there is one row
// without a user.
template <class T>
absl::StatusOr<std::vector<T>> WeighedOf(const db::Rows& rows, T (*read)(const db::Row&)) {
  if (!rows[0].Bool(0)) return ReplyTooLarge();
  std::vector<T> found;
  found.reserve(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].IsNull(1)) found.push_back(read(rows[i]));
  }
  return found;
}

absl::StatusOr<std::vector<User>> UsersOf(const db::Rows& rows) {
  return WeighedOf<User>(rows, [](const db::Row& row) { return UserOf(row, 1); });
}

std::optional<std::string> EmailKey(const std::string& email) {
  if (email.empty()) return std::nullopt;
  return text::Fold(email);
}

absl::Status Judge(const db::Rows& holders) {
  if (holders.empty()) return absl::OkStatus();
  return holders[0].Int(0) == kActive ? EmailTaken() : EmailInMotion();
}

// After this the address is free until the transaction ends.
absl::Status ReserveEmail(db::Transaction& tx, const UserKey& key, const std::string& email) {
  if (email.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(tx.Execute(sql::kLockEmail, {key.company, EmailKey(email)}).status());
  ASSIGN_OR_RETURN(const db::Rows holders,
                   tx.Execute(sql::kFindEmailHolder, {key.company, EmailKey(email), key.user}));
  return Judge(holders);
}

absl::Status InsertSaga(db::Transaction& tx, const CallContext& call, const UserKey& key,
                        SagaKind kind, absl::Duration lease) {
  return tx
      .Execute(sql::kInsertSaga,
               {key.company, key.user, static_cast<int32_t>(kind), absl::ToInt64Microseconds(lease),
                call.user, call.rpc, call.request_id, call.idempotency.key})
      .status();
}

absl::Status Note(db::Transaction& tx, const CallContext& call, const UserKey& key,
                  absl::string_view what) {
  return db::Audit(tx, call, key.company, absl::StrCat("user ", key.user.value()), what);
}

// What became of the user that an idempotency key was bound to.
absl::StatusOr<BegunCreation> EarlierCreation(db::Transaction& tx, const UserKey& key) {
  ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kFindState, {key.company, key.user}));
  const bool unsettled = !rows.empty() && rows[0].Int(0) == kCreating;
  return BegunCreation{
      unsettled ? BegunCreation::Outcome::kUnsettled : BegunCreation::Outcome::kMadeBefore,
      key.user};
}

}  // namespace

absl::StatusOr<std::vector<User>> PgUserStore::List(const CallContext& call,
                                                    const CompanyId& company, bool with_metadata) {
  ASSIGN_OR_RETURN(const db::Rows rows, db::Execute(call, pool_, sql::kListUsers,
                                                    {company, with_metadata, most_bytes_}));
  return UsersOf(rows);
}

absl::StatusOr<std::vector<User>> PgUserStore::FindSome(const CallContext& call,
                                                        const CompanyId& company,
                                                        const std::vector<UserId>& ids,
                                                        bool with_metadata) {
  std::vector<std::string> values;
  values.reserve(ids.size());
  for (const UserId& id : ids) values.push_back(id.value());
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kFindUsers,
                               {company, with_metadata, most_bytes_, db::Param::Array(values)}));
  return UsersOf(rows);
}

absl::StatusOr<std::vector<UserId>> PgUserStore::ListIds(const CallContext& call,
                                                         const CompanyId& company) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kListUserIds, {company, most_bytes_}));
  return WeighedOf<UserId>(rows, [](const db::Row& row) { return UserId(row.Text(1)); });
}

absl::StatusOr<std::optional<User>> PgUserStore::Find(const CallContext& call, const UserKey& key) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kFindUser, {key.company, key.user}));
  if (rows.empty()) return std::optional<User>();
  return std::optional<User>(UserOf(rows[0]));
}

absl::Status PgUserStore::RequireEmailFree(const CallContext& call, const UserKey& key,
                                           const std::string& email) {
  ASSIGN_OR_RETURN(const db::Rows holders, db::Execute(call, pool_, sql::kFindEmailHolder,
                                                       {key.company, EmailKey(email), key.user}));
  return Judge(holders);
}

absl::StatusOr<bool> PgUserStore::Update(const CallContext& call, const UserKey& key,
                                         const UserChange& change) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kLockUser, {key.company, key.user}));
    if (rows.empty()) return false;
    ASSIGN_OR_RETURN(const User user, Apply(UserOf(rows[0]), change));
    RETURN_IF_ERROR(ReserveEmail(tx, key, change.email));
    RETURN_IF_ERROR(tx.ExecuteOnRow(
        sql::kUpdateUser,
        {key.company, key.user, user.email, EmailKey(user.email), user.profile.firstname,
         user.profile.lastname, user.profile.title, db::Param::Json(user.metadata)}));
    RETURN_IF_ERROR(Note(tx, call, key, Summary(change)));
    return true;
  });
}

absl::StatusOr<bool> PgUserStore::ReplaceProfile(const CallContext& call, const UserKey& key,
                                                 const Profile& profile) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kReplaceProfile,
                               {key.company, key.user, profile.firstname, profile.lastname,
                                profile.title, call.user, call.rpc, call.request_id, call.peer}));
  return !rows.empty();
}

absl::StatusOr<BegunCreation> PgUserStore::BeginCreation(const CallContext& call,
                                                         const UserKey& key, const User& user,
                                                         absl::Duration lease) {
  using Begun = absl::StatusOr<BegunCreation>;
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> Begun {
    ASSIGN_OR_RETURN(const std::string bound, db::BindIdempotencyKey(tx, call, key.user.value()));
    if (bound != key.user.value()) return EarlierCreation(tx, {key.company, UserId(bound)});
    RETURN_IF_ERROR(ReserveEmail(tx, key, user.email));
    ASSIGN_OR_RETURN(
        const db::Rows rows,
        tx.Execute(sql::kInsertUser,
                   {key.company, key.user, user.email, EmailKey(user.email), user.profile.firstname,
                    user.profile.lastname, user.profile.title, db::Param::Json(user.metadata)}));
    if (rows.empty()) return BegunCreation{BegunCreation::Outcome::kAlreadyPresent, {}};
    RETURN_IF_ERROR(InsertSaga(tx, call, key, SagaKind::kCreation, lease));
    return BegunCreation{BegunCreation::Outcome::kBegun, key.user};
  });
}

absl::Status PgUserStore::CompleteCreation(const CallContext& call, const UserKey& key) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const db::Rows saga,
                     tx.Execute(sql::kRemoveSaga, {key.company, key.user,
                                                   static_cast<int32_t>(SagaKind::kCreation)}));
    if (saga.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(tx.ExecuteOnRow(sql::kActivateUser, {key.company, key.user, kCreating}));
    return Note(tx, call, key, "created");
  });
}

absl::Status PgUserStore::UndoCreation(const CallContext& call, const UserKey& key) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const db::Rows saga,
                     tx.Execute(sql::kRemoveSaga, {key.company, key.user,
                                                   static_cast<int32_t>(SagaKind::kCreation)}));
    if (saga.empty()) return absl::OkStatus();
    CallContext creator;
    creator.company = key.company;
    creator.user = UserId(saga[0].Text(0));
    creator.rpc = saga[0].Text(1);
    creator.idempotency.key = saga[0].Text(2);
    RETURN_IF_ERROR(db::ReleaseIdempotencyKey(tx, creator));
    return tx.ExecuteOnRow(sql::kRemoveUnmadeUser, {key.company, key.user});
  });
}

absl::StatusOr<BegunRemoval> PgUserStore::BeginRemoval(const CallContext& call, const UserKey& key,
                                                       absl::Duration lease) {
  using Begun = absl::StatusOr<BegunRemoval>;
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> Begun {
    ASSIGN_OR_RETURN(const db::Rows hidden, tx.Execute(sql::kHideUser, {key.company, key.user}));
    if (hidden.affected() > 0) {
      RETURN_IF_ERROR(InsertSaga(tx, call, key, SagaKind::kRemoval, lease));
      return BegunRemoval::kBegun;
    }
    ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kFindState, {key.company, key.user}));
    if (rows.empty()) return BegunRemoval::kNoProfile;
    if (rows[0].Int(0) == kCreating) return BegunRemoval::kStillMaking;
    ASSIGN_OR_RETURN(
        const db::Rows joined,
        tx.Execute(sql::kContestSaga, {key.company, key.user, absl::ToInt64Microseconds(lease)}));
    if (joined.affected() > 0) return BegunRemoval::kJoined;
    return absl::AbortedError("the user was settled between two statements: look again");
  });
}

absl::Status PgUserStore::CompleteRemoval(const CallContext& call, const UserKey& key) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const db::Rows removed, tx.Execute(sql::kRemoveUser, {key.company, key.user}));
    if (removed.affected() == 0) return absl::OkStatus();
    return Note(tx, call, key, "removed");
  });
}

absl::Status PgUserStore::UndoRemoval(const CallContext& call, const UserKey& key) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const db::Rows saga,
                     tx.Execute(sql::kRemoveUncontestedSaga, {key.company, key.user}));
    if (saga.affected() == 0) return absl::OkStatus();
    return tx.ExecuteOnRow(sql::kActivateUser, {key.company, key.user, kRemoving});
  });
}

absl::StatusOr<std::optional<Saga>> PgUserStore::Claim(const CallContext& call,
                                                       absl::Duration lease) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kClaimSaga, {absl::ToInt64Microseconds(lease)}));
  if (rows.empty()) return std::optional<Saga>();
  Saga saga;
  saga.key = {CompanyId(rows[0].Text(0)), UserId(rows[0].Text(1))};
  saga.kind = static_cast<SagaKind>(rows[0].Int(2));
  saga.call.company = saga.key.company;
  saga.call.user = UserId(rows[0].Text(3));
  saga.call.rpc = rows[0].Text(4);
  saga.call.request_id = rows[0].Text(5);
  saga.call.idempotency.key = rows[0].Text(6);
  return std::optional<Saga>(std::move(saga));
}

}  // namespace usher::user
