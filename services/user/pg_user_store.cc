#include "services/user/pg_user_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/db/audit.h"
#include "common/db/idempotency.h"
#include "common/db/transaction.h"
#include "common/saga/saga_table.h"
#include "common/status/try.h"
#include "services/user/pg_user_params.h"
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
  user.locale.ui_language = row.Text(first + 6);
  user.locale.spoken = absl::StrSplit(row.View(first + 7), ' ', absl::SkipEmpty());
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

saga::Subject SubjectOf(const UserKey& key) { return {key.company, key.user.value()}; }

absl::Status BeginSaga(db::Transaction& tx, const CallContext& call, const UserKey& key,
                       SagaKind kind, absl::Duration lease) {
  return saga::Begin(tx, call, SubjectOf(key), static_cast<int>(kind), lease);
}

absl::StatusOr<bool> IsForgetting(db::Transaction& tx, const UserKey& key) {
  ASSIGN_OR_RETURN(const db::Rows rows,
                   tx.Execute(sql::kFindForgetting, {key.company, key.user.value()}));
  return !rows.empty();
}

absl::StatusOr<std::optional<saga::Saga>> FinishCreation(db::Transaction& tx, const UserKey& key) {
  return saga::Finish(tx, SubjectOf(key), static_cast<int>(SagaKind::kCreation));
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
  ASSIGN_OR_RETURN(const db::Rows rows,
                   db::Execute(call, pool_, sql::kFindUsers,
                               {company, with_metadata, most_bytes_, db::Param::Array(ids)}));
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
                                         const DecideUpdate& decide) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kLockUser, {key.company, key.user}));
    if (rows.empty()) return false;
    const User before = UserOf(rows[0]);
    ASSIGN_OR_RETURN(const UserWrite write, decide(before));
    const User& user = write.user;
    if (user.email != before.email) RETURN_IF_ERROR(ReserveEmail(tx, key, user.email));
    RETURN_IF_ERROR(tx.ExecuteOnRow(sql::kUpdateUser, ParamsOf(key, user)));
    RETURN_IF_ERROR(Note(tx, call, key, write.summary));
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
    ASSIGN_OR_RETURN(const bool forgetting, IsForgetting(tx, key));
    if (forgetting) return BegunCreation{BegunCreation::Outcome::kAlreadyPresent, {}};
    RETURN_IF_ERROR(ReserveEmail(tx, key, user.email));
    ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kInsertUser, ParamsOf(key, user)));
    if (rows.empty()) return BegunCreation{BegunCreation::Outcome::kAlreadyPresent, {}};
    RETURN_IF_ERROR(BeginSaga(tx, call, key, SagaKind::kCreation, lease));
    return BegunCreation{BegunCreation::Outcome::kBegun, key.user};
  });
}

absl::Status PgUserStore::CompleteCreation(const CallContext& call, const UserKey& key) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<saga::Saga> begun, FinishCreation(tx, key));
    if (!begun.has_value()) return absl::OkStatus();
    RETURN_IF_ERROR(tx.ExecuteOnRow(sql::kActivateUser, {key.company, key.user, kCreating}));
    return Note(tx, call, key, "created");
  });
}

absl::Status PgUserStore::UndoCreation(const CallContext& call, const UserKey& key) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<saga::Saga> begun, FinishCreation(tx, key));
    if (!begun.has_value()) return absl::OkStatus();
    RETURN_IF_ERROR(db::ReleaseIdempotencyKey(tx, begun->call));
    return tx.ExecuteOnRow(sql::kRemoveUnmadeUser, {key.company, key.user});
  });
}

absl::StatusOr<BegunRemoval> PgUserStore::BeginRemoval(const CallContext& call, const UserKey& key,
                                                       absl::Duration lease) {
  using Begun = absl::StatusOr<BegunRemoval>;
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> Begun {
    ASSIGN_OR_RETURN(const db::Rows hidden, tx.Execute(sql::kHideUser, {key.company, key.user}));
    if (hidden.affected() > 0) {
      RETURN_IF_ERROR(BeginSaga(tx, call, key, SagaKind::kRemoval, lease));
      return BegunRemoval::kBegun;
    }
    ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kFindState, {key.company, key.user}));
    if (rows.empty()) return BegunRemoval::kNoProfile;
    if (rows[0].Int(0) == kCreating) return BegunRemoval::kStillMaking;
    ASSIGN_OR_RETURN(const bool joined,
                     saga::Move(tx, SubjectOf(key), static_cast<int>(SagaKind::kRemoval),
                                SagaState::kContested, lease));
    if (joined) return BegunRemoval::kJoined;
    return absl::AbortedError("the user was settled between two statements: look again");
  });
}

absl::Status PgUserStore::CompleteRemoval(const CallContext& call, const UserKey& key) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    RETURN_IF_ERROR(saga::Supersede(tx, call, SubjectOf(key),
                                    static_cast<int>(SagaKind::kForgetting), absl::ZeroDuration()));
    ASSIGN_OR_RETURN(const db::Rows removed, tx.Execute(sql::kRemoveUser, {key.company, key.user}));
    if (removed.affected() == 0) return absl::OkStatus();
    return Note(tx, call, key, "removed");
  });
}

absl::Status PgUserStore::CompleteForgetting(const CallContext& call, const UserKey& key) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    return saga::Finish(tx, SubjectOf(key), static_cast<int>(SagaKind::kForgetting)).status();
  });
}

absl::Status PgUserStore::UndoRemoval(const CallContext& call, const UserKey& key) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(
        const std::optional<saga::Saga> uncontested,
        saga::Finish(tx, SubjectOf(key), static_cast<int>(SagaKind::kRemoval), SagaState::kBegun));
    if (!uncontested.has_value()) return absl::OkStatus();
    return tx.ExecuteOnRow(sql::kActivateUser, {key.company, key.user, kRemoving});
  });
}

absl::StatusOr<std::optional<Saga>> PgUserStore::Claim(const CallContext& call,
                                                       absl::Duration lease) {
  using Claimed = absl::StatusOr<std::optional<Saga>>;
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> Claimed {
    RETURN_IF_ERROR(tx.Execute(sql::kAdoptSagas, {}).status());
    ASSIGN_OR_RETURN(std::optional<saga::Saga> claimed, saga::Claim(tx, lease));
    if (!claimed.has_value()) return std::optional<Saga>();
    if (claimed->state == SagaState::kContested) {
      RETURN_IF_ERROR(
          tx.ExecuteOnRow(sql::kSettleContest, {claimed->subject.company, claimed->subject.id}));
    }
    return std::optional<Saga>(Saga{{claimed->subject.company, UserId(claimed->subject.id)},
                                    static_cast<SagaKind>(claimed->kind),
                                    std::move(claimed->call)});
  });
}

}  // namespace usher::user
