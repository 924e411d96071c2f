#include "services/auth/audit/pg_audit_store.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/db/transaction.h"
#include "common/status/try.h"
#include "services/auth/audit/audit_sql.h"

namespace usher::auth {
namespace {

db::Param Numbers(const std::vector<int>& numbers) {
  std::vector<std::string> texts;
  for (const int number : numbers) texts.push_back(absl::StrCat(number));
  return db::Param::Array(texts);
}

// A time that PostgreSQL has as well.
db::Param TimeParam(absl::Time time) {
  return time == absl::InfiniteFuture() ? db::Param("infinity") : db::Param(time);
}

// Where the page begins: behind what was read before, and before `until`. Sequences begin at 1.
AuditPlace BehindOf(const AuditFilter& filter) {
  const AuditPlace end{filter.until, 0};
  if (!filter.behind.has_value() || filter.behind->at >= end.at) return end;
  return *filter.behind;
}

AuditEntry EntryOf(const db::Row& row) {
  AuditEntry entry;
  entry.company = CompanyId(row.Text(0));
  entry.place = {row.Micros(1), row.Int(2)};
  entry.actor = UserId(row.Text(3));
  entry.kind = static_cast<AuditKind>(row.Int(4));
  entry.object = row.Text(5);
  entry.detail = row.Text(6);
  entry.outcome = static_cast<int>(row.Int(7));
  entry.rpc = row.Text(8);
  entry.request_id = row.Text(9);
  entry.peer = row.Text(10);
  return entry;
}

}  // namespace

absl::StatusOr<std::vector<AuditEntry>> PgAuditStore::List(const CallContext& call,
                                                           const AuditFilter& filter) {
  std::vector<db::Param> params;
  if (!filter.company.empty()) params.emplace_back(filter.company);
  params.emplace_back(filter.from);
  const AuditPlace behind = BehindOf(filter);
  params.push_back(TimeParam(behind.at));
  params.emplace_back(behind.sequence);
  params.emplace_back(filter.actor);
  params.emplace_back(filter.subject);
  params.push_back(Numbers(filter.kinds));
  params.push_back(Numbers(filter.outcomes));
  params.emplace_back(static_cast<int64_t>(filter.limit));
  ASSIGN_OR_RETURN(
      const db::Rows rows,
      db::Execute(call, pool_,
                  filter.company.empty() ? sql::kListAuditOfAll : sql::kListAuditOfCompany,
                  params));
  std::vector<AuditEntry> entries;
  for (size_t i = 0; i < rows.size(); ++i) entries.push_back(EntryOf(rows[i]));
  return entries;
}

// A statement for each company: it says whose rows it writes (docs/scale-out.md).
absl::Status PgAuditStore::Insert(const CallContext& call, const std::vector<RefusalRow>& rows) {
  struct Columns {
    std::vector<std::string> actors, rpcs, objects, details, outcomes, requests, peers, times;
  };
  std::map<CompanyId, Columns> by_company;
  for (const RefusalRow& row : rows) {
    Columns& columns = by_company[row.refusal.company];
    columns.actors.push_back(row.actor.value());
    columns.rpcs.push_back(row.rpc);
    columns.objects.push_back(row.refusal.object);
    columns.details.push_back(row.refusal.detail);
    columns.outcomes.push_back(absl::StrCat(row.refusal.outcome));
    columns.requests.push_back(row.request_id);
    columns.peers.push_back(row.peer);
    columns.times.push_back(absl::StrCat(row.times));
  }
  using db::Param;
  for (const auto& [company, columns] : by_company) {
    RETURN_IF_ERROR(
        db::Execute(call, pool_, sql::kInsertRefusals,
                    {company.value(), Param::Array(columns.actors), Param::Array(columns.rpcs),
                     Param::Array(columns.objects), Param::Array(columns.details),
                     Param::Array(columns.outcomes), Param::Array(columns.requests),
                     Param::Array(columns.peers), Param::Array(columns.times)})
            .status());
  }
  return absl::OkStatus();
}

}  // namespace usher::auth
