#include "services/company/pg_company_saga_store.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/db/audit.h"
#include "common/db/idempotency.h"
#include "common/db/transaction.h"
#include "common/saga/saga_table.h"
#include "common/status/try.h"
#include "services/company/company_errors.h"
#include "services/company/company_saga_sql.h"

namespace usher::company {
namespace {

enum State : int32_t { kFounding = 1, kActive = 2, kDestroying = 3 };

constexpr int kFoundingSaga = static_cast<int>(SagaKind::kFounding);
constexpr int kDestructionSaga = static_cast<int>(SagaKind::kDestruction);

saga::Subject SubjectOf(const CallContext& call, const CompanyId& company) {
  return {call.company, company.value()};
}

absl::Status Note(db::Transaction& tx, const CallContext& call, const CompanyId& company,
                  const CompanyId& whose, absl::string_view what) {
  return db::Audit(tx, call, whose, absl::StrCat("company ", company.value()), what);
}

// What an idempotency key is bound to.
std::string AnswerOf(const Founded& founded) {
  return absl::StrCat(founded.company.value(), " ", founded.owner.value());
}
Founded FoundedOf(const std::string& answer) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(answer, ' ');
  return {CompanyId(parts.first), UserId(parts.second)};
}

// 0: there is none.
absl::StatusOr<int32_t> LockState(db::Transaction& tx, const CompanyId& company) {
  ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kLockState, {company}));
  return rows.empty() ? 0 : static_cast<int32_t>(rows[0].Int(0));
}

absl::StatusOr<UserId> FindOwner(db::Transaction& tx, const CompanyId& company) {
  ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kFindOwner, {company}));
  return rows.empty() ? UserId() : UserId(rows[0].Text(0));
}

absl::StatusOr<std::optional<int>> FindSagaState(db::Transaction& tx, const CallContext& call,
                                                 const CompanyId& company) {
  ASSIGN_OR_RETURN(const db::Rows rows, tx.Execute(sql::kFindSagaState, {call.company, company}));
  if (rows.empty()) return std::optional<int>();
  return std::optional<int>(static_cast<int>(rows[0].Int(0)));
}

// What became of the company that an idempotency key was bound to.
absl::StatusOr<BegunFounding> EarlierFounding(db::Transaction& tx, const Founded& founded) {
  ASSIGN_OR_RETURN(const int32_t state, LockState(tx, founded.company));
  ASSIGN_OR_RETURN(const UserId owner, FindOwner(tx, founded.company));
  const bool unsettled = state == kFounding && owner == founded.owner;
  return BegunFounding{
      unsettled ? BegunFounding::Outcome::kUnsettled : BegunFounding::Outcome::kMadeBefore,
      founded};
}

absl::Status WhyTaken(db::Transaction& tx, const CompanyId& company) {
  ASSIGN_OR_RETURN(const int32_t state, LockState(tx, company));
  if (state == kActive) return CompanyTaken();
  return state == kDestroying ? NameRests() : CompanyInMotion();
}

absl::Status Insert(db::Transaction& tx, const Company& company, const UserId& owner) {
  const Branding& branding = company.branding;
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      tx.Execute(
          sql::kInsertUnseenCompany,
          {company.id, company.display_name, company.owner_email, owner, branding.enabled,
           branding.title, branding.navbar_background, branding.logo_url,
           branding.logo_alternative_url, branding.logo_height, branding.logo_width,
           db::Param::Json(company.metadata), company.books.customer_id, company.books.plan_id,
           branding.logo_square_48_url, branding.logo_square_96_url}));
  return rows.empty() ? WhyTaken(tx, company.id) : absl::OkStatus();
}

}  // namespace

absl::StatusOr<BegunFounding> PgCompanySagaStore::BeginFounding(const CallContext& call,
                                                                const Company& company,
                                                                const UserId& owner,
                                                                absl::Duration lease) {
  using Begun = absl::StatusOr<BegunFounding>;
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> Begun {
    const Founded founded{company.id, owner};
    ASSIGN_OR_RETURN(const std::string bound, db::BindIdempotencyKey(tx, call, AnswerOf(founded)));
    if (bound != AnswerOf(founded)) return EarlierFounding(tx, FoundedOf(bound));
    RETURN_IF_ERROR(Insert(tx, company, owner));
    RETURN_IF_ERROR(saga::Begin(tx, call, SubjectOf(call, company.id), kFoundingSaga, lease));
    return BegunFounding{BegunFounding::Outcome::kBegun, founded};
  });
}

absl::Status PgCompanySagaStore::CompleteFounding(const CallContext& call,
                                                  const CompanyId& company) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<saga::Saga> begun,
                     saga::Finish(tx, SubjectOf(call, company), kFoundingSaga));
    if (!begun.has_value()) return absl::OkStatus();
    RETURN_IF_ERROR(tx.ExecuteOnRow(sql::kSetState, {company, kActive, kFounding}));
    return Note(tx, call, company, company, "founded");
  });
}

absl::Status PgCompanySagaStore::UndoFounding(const CallContext& call, const CompanyId& company) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<saga::Saga> begun,
                     saga::Finish(tx, SubjectOf(call, company), kFoundingSaga));
    if (!begun.has_value()) return absl::OkStatus();
    RETURN_IF_ERROR(db::ReleaseIdempotencyKey(tx, begun->call));
    return tx.ExecuteOnRow(sql::kRemoveCompany, {company, kFounding});
  });
}

absl::StatusOr<BegunDestruction> PgCompanySagaStore::BeginDestruction(const CallContext& call,
                                                                      const CompanyId& company,
                                                                      absl::Duration lease) {
  using Begun = absl::StatusOr<BegunDestruction>;
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> Begun {
    ASSIGN_OR_RETURN(const int32_t state, LockState(tx, company));
    const saga::Subject subject = SubjectOf(call, company);
    if (state == kActive) {
      RETURN_IF_ERROR(tx.ExecuteOnRow(sql::kSetState, {company, kDestroying, kActive}));
      RETURN_IF_ERROR(saga::Begin(tx, call, subject, kDestructionSaga, lease));
      return BegunDestruction::kBegun;
    }
    if (state != kDestroying) return BegunDestruction::kNone;
    ASSIGN_OR_RETURN(const std::optional<int> at, FindSagaState(tx, call, company));
    if (!at.has_value() || *at > SagaState::kContested) return BegunDestruction::kNone;
    RETURN_IF_ERROR(
        saga::Move(tx, subject, kDestructionSaga, SagaState::kContested, lease).status());
    return BegunDestruction::kJoined;
  });
}

absl::Status PgCompanySagaStore::ConfirmDestruction(const CallContext& call,
                                                    const CompanyId& company) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const int32_t state, LockState(tx, company));
    ASSIGN_OR_RETURN(const std::optional<int> at, FindSagaState(tx, call, company));
    if (at.value_or(SagaState::kBegun) > SagaState::kContested) return absl::OkStatus();
    const saga::Subject subject = SubjectOf(call, company);
    if (!at.has_value()) {
      if (state != kActive) return absl::OkStatus();
      RETURN_IF_ERROR(tx.ExecuteOnRow(sql::kSetState, {company, kDestroying, kActive}));
      RETURN_IF_ERROR(saga::Begin(tx, call, subject, kDestructionSaga, absl::ZeroDuration()));
    }
    RETURN_IF_ERROR(
        saga::Move(tx, subject, kDestructionSaga, SagaState::kClearing, absl::ZeroDuration())
            .status());
    return Note(tx, call, company, call.company, "destroyed");
  });
}

absl::Status PgCompanySagaStore::UndoDestruction(const CallContext& call,
                                                 const CompanyId& company) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(
        const std::optional<saga::Saga> uncontested,
        saga::Finish(tx, SubjectOf(call, company), kDestructionSaga, SagaState::kBegun));
    if (!uncontested.has_value()) return absl::OkStatus();
    return tx.ExecuteOnRow(sql::kSetState, {company, kActive, kDestroying});
  });
}

absl::Status PgCompanySagaStore::MoveOn(const CallContext& call, const CompanyId& company,
                                        int state, absl::Duration wait) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    return saga::Move(tx, SubjectOf(call, company), kDestructionSaga, state, wait).status();
  });
}

absl::Status PgCompanySagaStore::GoOnClearing(const CallContext& call, const CompanyId& company) {
  return MoveOn(call, company, SagaState::kClearing, absl::ZeroDuration());
}

absl::Status PgCompanySagaStore::StartRest(const CallContext& call, const CompanyId& company,
                                           absl::Duration rest) {
  return MoveOn(call, company, SagaState::kResting, rest);
}

absl::Status PgCompanySagaStore::CompleteDestruction(const CallContext& call,
                                                     const CompanyId& company) {
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<saga::Saga> ended,
                     saga::Finish(tx, SubjectOf(call, company), kDestructionSaga));
    if (!ended.has_value()) return absl::OkStatus();
    return tx.ExecuteOnRow(sql::kRemoveCompany, {company, kDestroying});
  });
}

absl::StatusOr<std::optional<Saga>> PgCompanySagaStore::Claim(const CallContext& call,
                                                              absl::Duration lease) {
  using Claimed = absl::StatusOr<std::optional<Saga>>;
  return db::InTransaction(call, pool_, [&](db::Transaction& tx) -> Claimed {
    ASSIGN_OR_RETURN(std::optional<saga::Saga> claimed, saga::Claim(tx, lease));
    if (!claimed.has_value()) return std::optional<Saga>();
    Saga saga;
    saga.kind = static_cast<SagaKind>(claimed->kind);
    saga.state = claimed->state;
    saga.subject.company = CompanyId(claimed->subject.id);
    if (saga.state == SagaState::kContested) {
      RETURN_IF_ERROR(
          tx.ExecuteOnRow(sql::kSettleContest, {claimed->subject.company, claimed->subject.id}));
      saga.state = SagaState::kBegun;
    }
    ASSIGN_OR_RETURN(saga.subject.owner, FindOwner(tx, saga.subject.company));
    saga.call = std::move(claimed->call);
    return std::optional<Saga>(std::move(saga));
  });
}

}  // namespace usher::company
