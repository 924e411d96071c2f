#include "common/saga/saga_table.h"

#include <unistd.h>

#include <array>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/try.h"

namespace usher::saga {
namespace {

// An outage that has ended is noticed after this long at the latest: everything is at its end
// within half a minute of it, the sweeper's own patience included.
constexpr absl::Duration kLongestBackOff = absl::Seconds(20);

constexpr int kAnyState = -1;

constexpr db::Statement kInsertSaga{"insert_saga", R"sql(
  INSERT INTO sagas (company_id, subject, kind, lease_until, caller, rpc, request_id,
                     idempotency_key, peer, holder)
  VALUES ($1, $2, $3, now() + $4::bigint * interval '1 microsecond', $5, $6, $7, $8, $9, $10)
)sql"};

constexpr db::Statement kMoveSaga{"move_saga", R"sql(
  UPDATE sagas SET state = $4, lease_until = now() + $5::bigint * interval '1 microsecond',
    holder = $6
  WHERE company_id = $1 AND subject = $2 AND kind = $3
)sql"};

// $4: -1 for any.
constexpr db::Statement kFinishSaga{"finish_saga", R"sql(
  DELETE FROM sagas
  WHERE company_id = $1 AND subject = $2 AND kind = $3
    AND ($4::smallint = -1 OR state = $4::smallint)
  RETURNING company_id, subject, kind, state, attempts, caller, rpc, request_id, idempotency_key,
            peer
)sql"};

constexpr db::Statement kSupersedeSaga{"supersede_saga", R"sql(
  INSERT INTO sagas (company_id, subject, kind, lease_until, caller, rpc, request_id,
                     idempotency_key, peer)
  VALUES ($1, $2, $3, now() + $4::bigint * interval '1 microsecond', $5, $6, $7, $8, $9)
  ON CONFLICT (company_id, subject) DO UPDATE
  SET kind = excluded.kind, state = 0, lease_until = excluded.lease_until, attempts = 0,
      caller = excluded.caller, rpc = excluded.rpc, request_id = excluded.request_id,
      idempotency_key = excluded.idempotency_key, peer = excluded.peer, created_at = now()
)sql"};

// Of all companies: the platform's own work. Claims that run at the same time pass each other by.
constexpr db::Statement kClaimSaga{"claim_saga", R"sql(
  UPDATE sagas
  SET attempts = attempts + 1,
      lease_until = now() + interval '1 microsecond' *
        least($1::bigint * power(2, least(attempts, 20)), greatest($1::bigint, $2::bigint))
  WHERE (company_id, subject) = (
    SELECT company_id, subject FROM sagas
    WHERE lease_until <= now() ORDER BY lease_until LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING company_id, subject, kind, state, attempts, caller, rpc, request_id, idempotency_key,
            peer
)sql"};

// Of one that was claimed just now.
constexpr db::Statement kNameHolder{"name_holder", R"sql(
  UPDATE sagas SET holder = $3 WHERE company_id = $1 AND subject = $2
)sql"};

// Of all companies, like the claim.
constexpr db::Statement kCountSagas{"count_sagas", R"sql(
  SELECT kind, state, count(*), (extract(epoch FROM now() - min(created_at)) * 1000000)::bigint
  FROM sagas GROUP BY kind, state
)sql"};

// Of all companies, like the claim.
constexpr db::Statement kListSagas{"list_sagas", R"sql(
  SELECT company_id, subject, kind, state, attempts, rpc, request_id, holder,
         (extract(epoch FROM created_at) * 1000000)::bigint,
         (extract(epoch FROM now() - created_at) * 1000000)::bigint,
         (extract(epoch FROM lease_until - now()) * 1000000)::bigint
  FROM sagas ORDER BY created_at, company_id, subject LIMIT $1::bigint
)sql"};

// This process, as people find it.
const std::string& Holder() {
  static const auto* const holder = [] {
    std::array<char, 256> host{};
    if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '?';
    return new std::string(absl::StrCat(host.data(), ":", getpid()));
  }();
  return *holder;
}

// The parameters of kSupersedeSaga, and those of kInsertSaga but for the last.
std::vector<db::Param> Beginning(const CallContext& call, const Subject& subject, int kind,
                                 absl::Duration lease) {
  return {subject.company,
          subject.id,
          kind,
          absl::ToInt64Microseconds(lease),
          call.user,
          call.rpc,
          call.request_id,
          call.idempotency.key,
          call.peer};
}

// The columns of kFinishSaga and kClaimSaga.
std::optional<Saga> SagaOf(const db::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  const db::Row row = rows[0];
  Saga saga;
  saga.subject = {CompanyId(row.Text(0)), row.Text(1)};
  saga.kind = static_cast<int>(row.Int(2));
  saga.state = static_cast<int>(row.Int(3));
  saga.attempts = static_cast<int>(row.Int(4));
  saga.call.company = saga.subject.company;
  saga.call.user = UserId(row.Text(5));
  saga.call.rpc = row.Text(6);
  saga.call.request_id = row.Text(7);
  saga.call.idempotency.key = row.Text(8);
  saga.call.peer = row.Text(9);
  return saga;
}

}  // namespace

absl::Status Begin(db::Transaction& tx, const CallContext& call, const Subject& subject, int kind,
                   absl::Duration lease) {
  std::vector<db::Param> params = Beginning(call, subject, kind, lease);
  params.emplace_back(Holder());
  return tx.ExecuteOnRow(kInsertSaga, params);
}

absl::Status Supersede(db::Transaction& tx, const CallContext& call, const Subject& subject,
                       int kind, absl::Duration lease) {
  return tx.ExecuteOnRow(kSupersedeSaga, Beginning(call, subject, kind, lease));
}

absl::StatusOr<bool> Move(db::Transaction& tx, const Subject& subject, int kind, int state,
                          absl::Duration lease) {
  ASSIGN_OR_RETURN(const db::Rows moved,
                   tx.Execute(kMoveSaga, {subject.company, subject.id, kind, state,
                                          absl::ToInt64Microseconds(lease), Holder()}));
  return moved.affected() > 0;
}

absl::StatusOr<std::optional<Saga>> Finish(db::Transaction& tx, const Subject& subject, int kind,
                                           std::optional<int> state) {
  ASSIGN_OR_RETURN(
      const db::Rows finished,
      tx.Execute(kFinishSaga, {subject.company, subject.id, kind, state.value_or(kAnyState)}));
  return SagaOf(finished);
}

absl::StatusOr<std::optional<Saga>> Claim(db::Transaction& tx, absl::Duration lease) {
  ASSIGN_OR_RETURN(const db::Rows claimed,
                   tx.Execute(kClaimSaga, {absl::ToInt64Microseconds(lease),
                                           absl::ToInt64Microseconds(kLongestBackOff)}));
  std::optional<Saga> saga = SagaOf(claimed);
  if (saga.has_value()) {
    RETURN_IF_ERROR(
        tx.ExecuteOnRow(kNameHolder, {saga->subject.company, saga->subject.id, Holder()}));
  }
  return saga;
}

absl::StatusOr<std::vector<Backlog>> CountSagas(const CallContext& call, db::Pool& pool) {
  ASSIGN_OR_RETURN(const db::Rows rows, db::Execute(call, pool, kCountSagas, {}));
  std::vector<Backlog> all;
  for (size_t i = 0; i < rows.size(); ++i) {
    all.push_back({static_cast<int>(rows[i].Int(0)), static_cast<int>(rows[i].Int(1)),
                   rows[i].Int(2), absl::Microseconds(rows[i].Int(3))});
  }
  return all;
}

absl::StatusOr<std::vector<UnderWay>> ListSagas(const CallContext& call, db::Pool& pool,
                                                int64_t most) {
  ASSIGN_OR_RETURN(const db::Rows rows, db::Execute(call, pool, kListSagas, {most}));
  std::vector<UnderWay> all;
  for (size_t i = 0; i < rows.size(); ++i) {
    const db::Row row = rows[i];
    UnderWay one;
    one.subject = {CompanyId(row.Text(0)), row.Text(1)};
    one.kind = static_cast<int>(row.Int(2));
    one.state = static_cast<int>(row.Int(3));
    one.attempts = static_cast<int>(row.Int(4));
    one.rpc = row.Text(5);
    one.request_id = row.Text(6);
    one.holder = row.Text(7);
    one.since = absl::FromUnixMicros(row.Int(8));
    one.age = absl::Microseconds(row.Int(9));
    one.lease = absl::Microseconds(row.Int(10));
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace usher::saga
